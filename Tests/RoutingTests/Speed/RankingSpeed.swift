import Foundation
import Gossip
import Routing
import Testing

/// How long ranking takes here: prints, judges nothing, and runs only when asked for with `HERD_MEASURE=1`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["HERD_MEASURE"] != nil), .serialized)
struct RankingSpeed {
    /// A fleet where everybody has forty models, three of them in memory, and requests everywhere.
    private func fleet(_ count: UInt64) -> [MemberView] {
        (1...count).map { number in
            machine(number) { member in
                member.models?.available += (0..<39).map { listed("model-\($0):7b", gigabytes: 5, can: ["completion", "tools"]) }
                member.fixed?.bandwidthGBps = Double(100 + number * 7)
                member.hot?.availability = 200
                if number % 2 == 0 { member.load(context: 8192) }
                for other in 0..<2 { member.load("model-\(other):7b") }
                member.busy("model-0:7b", inFlight: 1)
                member.busy(inFlight: UInt16(number % 5), queued: UInt16(number % 3))
                member.age(.milliseconds(Int64(number) * 90))
            }
        }
    }

    /// Prints the best of many short rounds: what else runs here then hardly counts.
    private func measure(_ name: String, calls: Int, _ body: () -> Void) {
        var best = Duration.seconds(1000)
        for _ in 0..<200 {
            best = min(best, ContinuousClock().measure { for _ in 0..<calls { body() } } / calls)
        }
        print("\(name): \(Double(best.wholeNanoseconds) / 1000) µs")
    }

    @Test(arguments: [3, 16, 50] as [UInt64]) func rank(machines: UInt64) {
        let members = fleet(machines)
        let key = ModelKey(name: "small:7b")
        var deltas = OwnDeltas()
        var latencies = LatencyHistory()
        var affinity = SessionAffinity()
        for member in members {
            deltas.dispatched(to: member.id, model: key, version: member.hotVersion)
            for sample in 0..<100 { latencies.record(peer: member.id, model: key, milliseconds: Double(sample * 40)) }
        }
        affinity.ran(session: 5, on: peer(2), now: now)
        var request = chat()
        request.session = 5
        request.hasTools = true
        request.estimatedTokens = 900
        var generator = SeededGenerator(seed: 1)
        let scorer = Scorer(view: view(members))
        var sum = 0
        measure("rank, \(machines) machines", calls: 50) {
            sum +=
                scorer.rank(request, deltas: deltas, latencies: latencies, affinity: affinity, now: now, using: &generator)
                .candidates.count
        }
        measure("build, \(machines) machines", calls: 1) { sum += Scorer(view: view(members)).rankNothing }
        measure("build over the previous, \(machines) machines", calls: 20) {
            sum += Scorer(view: view(members), previous: scorer).rankNothing
        }
        #expect(sum > 0)
    }
}

extension Scorer {
    /// Keeps a measured value in use.
    fileprivate var rankNothing: Int { 1 }
}
