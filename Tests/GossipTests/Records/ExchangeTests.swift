import Testing

@testable import Gossip

@Suite("What an exchange leaves out")
struct ExchangeTests {
    @Test("the answer has only hot records that the other side lacks")
    func hotRecords() throws {
        var fleet = Fleet(3)
        fleet.join()
        fleet.run(for: .seconds(5))
        var report = HotReport()
        report.inFlight = 3
        fleet.give(1, .hot(report))
        fleet.run(for: .seconds(5))
        let request = fleet.nodes[0].herd.syncMessage(now: fleet.now)
        #expect(request.hot.contains { $0.id == Fleet.id(1) })
        let answer = fleet.nodes[2].herd.syncMessage(for: request, now: fleet.now)
        #expect(answer.hot.isEmpty)
        var ignorant = request
        ignorant.hot = []
        #expect(fleet.nodes[2].herd.syncMessage(for: ignorant, now: fleet.now).hot.contains { $0.id == Fleet.id(1) })
        #expect(answer.members.count == 3)
    }
}
