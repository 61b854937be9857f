import Gossip
import Testing

@Suite("Bytes per second")
struct BandwidthTests {
    private func most(_ fleet: Fleet) -> Int { fleet.nodes.indices.map { fleet.mostBytesPerSecond(of: $0) }.max() ?? 0 }

    @Test("an idle fleet sends less than 400 bytes a second and peer, whatever its size", arguments: [2, 3, 10, 50])
    func idle(count: Int) {
        var fleet = Fleet(count)
        fleet.join()
        fleet.run(for: .seconds(20))
        func total() -> UInt64 { fleet.nodes.reduce(0) { $0 + $1.herd.sentBytes.gossip } }
        let before = total()
        fleet.run(for: .seconds(20))
        let rate = Double(total() - before) / Double(count) / 20
        #expect(rate <= 400 && rate > 300, "\(rate) bytes a second")
    }

    @Test("when all peers change all the time no second has more than 22,000 bytes", arguments: [(2, 0.0), (10, 0.2), (40, 0.0)])
    func churn(count: Int, loss: Double) {
        var fleet = Fleet(count)
        fleet.join()
        fleet.loss = loss
        fleet.measures = true
        var report = HotReport()
        report.gpus = (0..<4).map { GPULoad(freeMiB: UInt32($0), busyPercent: 1) }
        report.loaded = (0..<6).map { HotModel(key: ModelKey(rawValue: $0)) }
        for round in 0..<40 {
            report.inFlight = UInt16(round)
            for index in 0..<count { fleet.give(index, .hot(report)) }
            fleet.run(for: .milliseconds(100))
        }
        let bytes = most(fleet)
        #expect(bytes <= 22_000, "\(bytes)")
        if count == 40 { #expect(bytes > 15_000, "\(bytes)") }
    }

    @Test("half of a fleet dies at once, or all meet at once: no second has more than 22,000 bytes", arguments: [60])
    func storms(count: Int) {
        var fleet = Fleet(count)
        fleet.measures = true
        fleet.join()
        let joining = most(fleet)
        for index in fleet.nodes.indices { fleet.nodes[index].sent = [] }
        for index in count / 2..<count { fleet.nodes[index].isUp = false }
        fleet.run(for: .seconds(25))
        let dying = most(fleet)
        #expect(joining <= 22_000 && dying <= 22_000, "joining \(joining), dying \(dying)")
        // It is noticed all the same.
        for victim in count / 2..<count { #expect(fleet.status(of: victim, at: 0) == .unreachable) }
        for other in 0..<count / 2 { #expect(other == 0 || fleet.status(of: other, at: 0) == .alive) }
    }

    @Test("goodbyes and returns of one peer in a large fleet stay within the bound")
    func farewells() {
        var fleet = Fleet(80)
        fleet.join()
        fleet.run(for: .seconds(20))
        fleet.measures = true
        fleet.give(1, .suspending)
        fleet.run(for: .seconds(3))
        #expect(fleet.allSee(.asleep, of: 1))
        fleet.give(1, .resumed(after: .seconds(3)))
        fleet.run(for: .seconds(5))
        #expect(fleet.allSee(.alive, of: 1))
        fleet.give(1, .ownEndpoint(Endpoint(.v4(0x0A00_0002), port: 11_445)))
        fleet.give(1, .shutdown)
        fleet.run(for: .seconds(3))
        #expect(fleet.allSee(.left, of: 1))
        #expect(most(fleet) <= 22_000, "\(most(fleet))")
        let herd = fleet.nodes[1].herd
        #expect(herd.sentBytes.gossip > 0 && herd.sentBytes.election == 0)
    }
}
