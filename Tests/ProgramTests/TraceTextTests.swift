import FastLane
import Foundation
import Glibc
import Gossip
import Routing
import Store
import Testing

@testable import Program

/// The JSON of trace rows is written by hand: it must be what an encoder would write.
@Suite struct TraceTextTests {
    private func object(_ text: String) throws -> Any { try JSONSerialization.jsonObject(with: Data(text.utf8)) }

    /// The text behind others: a row's texts share one buffer.
    private func text(_ write: (inout RowBytes) -> Void) -> String {
        var bytes = RowBytes()
        bytes.append("before")
        write(&bytes)
        return bytes.withBytes { String(decoding: $0.dropFirst(6), as: UTF8.self) }
    }

    private func number(_ value: Double) -> String { text { TraceText.number(value, &$0) } }

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
        let found = try #require(try object(text { TraceText.breakdown(signals, into: &$0) }) as? [String: Double])
        let data = try JSONEncoder().encode(signals)
        var wanted = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Double])
        wanted["total"] = signals.total
        #expect(found == wanted && found.count == 10)
        var broken = Signals()
        broken.thermal = .nan
        broken.memoryFit = .infinity
        #expect(
            try object(text { TraceText.breakdown(broken, into: &$0) }) is [String: Double], "what is no number is still JSON")
    }

    @Test func candidatesAndTriesSurviveAnyName() throws {
        let name = "a\"b\\c\u{01}\n\u{1F}ü🦙/x"
        let candidate = Candidate(
            peer: PeerID(short: 1, low: 2), servedModel: name, backend: "o", backendKind: .ollama, signals: signals,
            recordVersion: RecordVersion(generation: 3, counter: 4), recordAge: .milliseconds(1_500), ownDelta: -1)
        let list = try #require(try object(text { TraceText.candidates([candidate, candidate], into: &$0) }) as? [[String: Any]])
        #expect(list.count == 2 && list[0]["model"] as? String == name && list[1]["record_version"] as? String == "3.4")
        #expect(list[0]["peer"] as? String == candidate.peer.hex && list[0]["record_age_ms"] as? Int == 1_500)
        #expect(list[0]["own_delta"] as? Int == -1 && list[0]["score"] as? Double == candidate.score)
        #expect((list[0]["signals"] as? [String: Double])?["memory_fit"] == 12.25)
        #expect(text { TraceText.candidates([], into: &$0) } == "[]")
        let tried = #"[{"peer":"p","node":"n","verdict":"failed","reason":"r","milliseconds":1.5}]"#
        let tries = try JSONDecoder().decode([RequestTrace.Try].self, from: Data(tried.utf8))
        let back = try JSONDecoder().decode([RequestTrace.Try].self, from: Data(text { TraceText.tries(tries, into: &$0) }.utf8))
        #expect(back == tries)
        #expect(try object(text { TraceText.strings([name, ""], into: &$0) }) as? [String] == [name, ""])
    }

    @Test func machinesThatWereOutAreNamedWithTheReason() throws {
        let out = (0..<100).map { (peer: PeerID(short: UInt64($0), low: 7), reason: Elimination.doesNotFit) }
        let list = try #require(try object(text { TraceText.eliminated(out, into: &$0) }) as? [[String: String]])
        #expect(list.count == TraceText.mostEliminated, "a large fleet does not fill the disk")
        #expect(list[5] == ["peer": out[5].peer.hex, "reason": "does_not_fit"])
        #expect(text { TraceText.eliminated([], into: &$0) } == "[]")
    }

    @Test func numbersAreReadBackAsTheyWere() throws {
        for (value, wanted) in [
            (0, "0"), (-0.0, "0"), (50, "50"), (-6, "-6"), (12.25, "12.25"), (-0.5, "-0.5"), (0.001, "0.001"),
            (0.001_000_4, "0.001"), (1.000_000_6, "1.000001"), (0.999_999_9, "1"), (-17.333_333_333, "-17.333333"),
            (999_999_999.5, "999999999.5"), (123_456_789_012, "123456789012"), (.nan, "0"), (-.infinity, "0"),
        ] { #expect(number(value) == wanted) }
        for value in [1e-9, -0.000_999, 1e15, 1e300, 4_000_000_000.125, -.leastNonzeroMagnitude, .greatestFiniteMagnitude] {
            #expect(Double(number(value)) == value, "what six digits cannot say is written in full")
        }
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let value = Double.random(in: -1_000...1_000, using: &generator)
            let back = try #require(Double(number(value)))
            #expect(abs(back - value) <= 0.000_000_51)
        }
        for value in [0, 9, 10, 99, 100, UInt64.max] { #expect(text { TraceText.digits(value, &$0) } == "\(value)") }
        #expect(text { TraceText.integer(.min, &$0) } == "\(Int64.min)")
        let peer = PeerID(short: 0x00A1_0000_0000_0009, low: .max)
        #expect(text { TraceText.hex(peer, &$0) } == peer.hex)
    }

    @Test func allFilesThatTheSystemAllowsMayBeOpen() {
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        #expect(getrlimit(kind, &limit) == 0)
        #expect(FileLimit.raise() == Int(clamping: limit.rlim_max))
        #expect(getrlimit(kind, &limit) == 0 && limit.rlim_cur == limit.rlim_max)
    }
}
