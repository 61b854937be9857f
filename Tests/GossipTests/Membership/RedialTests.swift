import Testing

@testable import Gossip

@Suite("Dialling who is out of sight")
struct RedialTests {
    @Test("a lost peer is dialled every eight seconds for an hour, every minute for a day, then every five minutes")
    func growingWaits() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.nodes[1].isUp = false
        fleet.run(for: .seconds(20))
        func dials(in span: Duration) -> Int {
            let before = fleet.nodes[0].datagrams
            fleet.run(for: span)
            return fleet.nodes[0].datagrams - before
        }
        #expect((440...620).contains(dials(in: .seconds(3_500))))
        fleet.run(for: .seconds(3_600))
        #expect((55...85).contains(dials(in: .seconds(3_600))))
        fleet.run(for: .seconds(23 * 3_600))
        #expect((11...17).contains(dials(in: .seconds(3_600))))
        fleet.nodes[1].isUp = true
        fleet.run(for: .seconds(301))
        #expect(fleet.status(of: 1, at: 0) == .alive && fleet.status(of: 0, at: 1) == .alive)
    }

    @Test("ten minutes apart, two sides hear of each other within ten seconds of the heal", arguments: 1...20)
    func healAfterTenMinutes(seed: Int) {
        let count = 2 + seed % 3
        var fleet = Fleet(count, seed: UInt64(seed))
        fleet.join()
        for one in 1..<count { fleet.cut.formUnion([[0, one], [one, 0]]) }
        fleet.run(for: .seconds(600))
        #expect(fleet.status(of: 1, at: 0) == .unreachable && fleet.status(of: 0, at: 1) == .unreachable)
        fleet.cut = []
        fleet.run(for: .milliseconds(8_010)) { $0.status(of: 1, at: 0) == .alive || $0.status(of: 0, at: 1) == .alive }
        #expect((1..<count).contains { fleet.status(of: $0, at: 0) == .alive || fleet.status(of: 0, at: $0) == .alive })
        fleet.run(for: .seconds(3))
        for subject in 0..<count { #expect(fleet.allSee(.alive, of: subject)) }
    }

    @Test("fifty dead peers cost a hundred bytes a second, and each one's turn comes")
    func manyDead() {
        var fleet = Fleet(51)
        fleet.join()
        for dead in 1...50 { fleet.nodes[dead].isUp = false }
        fleet.run(for: .seconds(1_200))
        #expect((1...50).allSatisfy { fleet.status(of: $0, at: 0) == .unreachable })
        let (bytes, datagrams) = (fleet.nodes[0].bytes, fleet.nodes[0].datagrams)
        fleet.run(for: .seconds(600))
        let sent = fleet.nodes[0].datagrams - datagrams
        let perSecond = Double(fleet.nodes[0].bytes - bytes + 28 * sent) / 600
        #expect((60...120).contains(perSecond), "\(perSecond) B/s, headers included")
        // A turn is at most two seconds for each of the fifty.
        fleet.nodes[17].isUp = true
        fleet.run(for: .seconds(100)) { $0.status(of: 17, at: 0) == .alive }
        #expect(fleet.status(of: 17, at: 0) == .alive)
    }

    @Test("a peer lost a moment ago does not wait behind those that were lost long before")
    func freshFirst() {
        let configuration = HerdConfiguration()
        let late = RedialSchedule.wait(tries: 9, unseen: .seconds(60), rivals: 1, configuration)
        let crowd = RedialSchedule.wait(tries: 9, unseen: .seconds(90_000), rivals: 200, configuration)
        #expect(late == .seconds(8) && crowd == .seconds(300))
        #expect(RedialSchedule.wait(tries: 0, unseen: .zero, rivals: 1, configuration) == .seconds(2))
        #expect(RedialSchedule.wait(tries: 3, unseen: .seconds(7_200), rivals: 1, configuration) == .seconds(16))
        #expect(RedialSchedule.wait(tries: 60, unseen: .seconds(900_000), rivals: 1, configuration) == .seconds(300))
    }
}
