import FastLane
import Foundation
import Glibc
import Gossip
import Routing
import Testing

@testable import Program

/// The JSON of trace rows is written by hand: it must be what an encoder would write.
@Suite struct TraceTextTests {
    private func object(_ text: String) throws -> Any { try JSONSerialization.jsonObject(with: Data(text.utf8)) }

    private var signals: Signals {
        var signals = Signals()
        signals.thermal = 50
        signals.memoryFit = 12.25
        signals.queueDepth = -6
        signals.waitTime = -0.000_000_012_5
        signals.prefixAffinity = 1e300
        return signals
    }

    @Test func signalsHaveTheirTenKeys() throws {
        let found = try #require(try object(TraceText.breakdown(signals)) as? [String: Double])
        let data = try JSONEncoder().encode(signals)
        var wanted = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Double])
        wanted["total"] = signals.total
        #expect(found == wanted && found.count == 10)
        var broken = Signals()
        broken.thermal = .nan
        broken.memoryFit = .infinity
        #expect(try object(TraceText.breakdown(broken)) is [String: Double], "what is no number is still JSON")
    }

    @Test func candidatesAndTriesSurviveAnyName() throws {
        let name = "a\"b\\c\u{01}\n\u{1F}ü🦙/x"
        let candidate = Candidate(
            peer: PeerID(short: 1, low: 2), servedModel: name, backend: "o", backendKind: .ollama, signals: signals,
            recordVersion: RecordVersion(generation: 3, counter: 4), recordAge: .milliseconds(1_500), ownDelta: -1)
        let list = try #require(try object(TraceText.candidates([candidate, candidate])) as? [[String: Any]])
        #expect(list.count == 2 && list[0]["model"] as? String == name && list[1]["record_version"] as? String == "3.4")
        #expect(list[0]["peer"] as? String == candidate.peer.hex && list[0]["record_age_ms"] as? Int == 1_500)
        #expect(list[0]["own_delta"] as? Int == -1 && list[0]["score"] as? Double == candidate.score)
        #expect((list[0]["signals"] as? [String: Double])?["memory_fit"] == 12.25)
        #expect(TraceText.candidates([]) == "[]")
        let tried = #"[{"peer":"p","node":"n","verdict":"failed","reason":"r","milliseconds":1.5}]"#
        let tries = try JSONDecoder().decode([RequestTrace.Try].self, from: Data(tried.utf8))
        let back = try JSONDecoder().decode([RequestTrace.Try].self, from: Data(TraceText.tries(tries).utf8))
        #expect(back == tries)
        #expect(try object(TraceText.strings([name, ""])) as? [String] == [name, ""])
    }

    @Test func allFilesThatTheSystemAllowsMayBeOpen() {
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        #expect(getrlimit(kind, &limit) == 0)
        #expect(FileLimit.raise() == Int(clamping: limit.rlim_max))
        #expect(getrlimit(kind, &limit) == 0 && limit.rlim_cur == limit.rlim_max)
    }
}
