import Testing

@testable import Gossip

@Suite("What a broken peer may send")
struct HostileTests {
    @Test("random well-formed datagrams neither crash a peer nor make it grow without bound")
    func randomDatagrams() {
        var samples = Samples(seed: 21)
        var fleet = Fleet(4)
        fleet.join()
        let known = (0..<4).map(Fleet.id)
        var most = 0
        for round in 0..<20_000 {
            var datagram = samples.datagram(round % 14, items: round % 6)
            if samples.flag() { datagram.sender = known[samples.number(0...3)].short }
            if samples.flag() { datagram.generation = samples.number(0...2) }
            if samples.flag() { datagram.incarnation = samples.number(0...3) }
            for index in datagram.items.indices {
                guard case .member(var record) = datagram.items[index], samples.flag() else { continue }
                record.id = samples.flag() ? known[samples.number(0...3)] : PeerID(short: datagram.sender, low: 1)
                record.generation = datagram.generation
                datagram.items[index] = .member(record)
            }
            let actions = fleet.nodes[0].herd.handle(.datagram(datagram, from: samples.endpoint()), now: fleet.now)
            most = max(most, actions.count)
            if round % 10 == 0 {
                fleet.now = fleet.now + .milliseconds(samples.number(1...2_000))
                _ = fleet.nodes[0].herd.handle(.wake, now: fleet.now)
            }
        }
        let herd = fleet.nodes[0].herd
        #expect(most < 200)
        #expect(herd.memberEntries.count <= MemberTable.most + 1)
        #expect(herd.rumours.count <= 12 * herd.members.size + 512)
        #expect(herd.announcements.count <= Announcement.most)
        #expect(herd.prober.probes.count <= herd.members.ids.count + Prober.mostHints + 2)
        #expect(herd.prober.relays.count <= Prober.mostRelays)
        #expect(herd.selfRecord.generation == 1)
    }

    @Test("a header that claims endless news does not cause endless exchanges")
    func endlessNews() {
        var fleet = Fleet(2)
        fleet.join()
        let before = fleet.nodes[0].syncs.count
        for _ in 0..<600 {
            let gossip = Datagram(
                sender: Fleet.id(1).short, generation: 1, incarnation: fleet.nodes[1].herd.selfRecord.incarnation,
                hotCounter: .max, localHealth: 0, message: .gossip)
            fleet.give(0, .datagram(gossip, from: Fleet.endpoint(1)))
            fleet.run(for: .milliseconds(100))
        }
        #expect(fleet.nodes[0].syncs.count - before <= 125)
    }

    @Test("under endless news of many members, rumours and timers stay bounded")
    func overload() {
        var fleet = Fleet(1)
        let count = 300
        for index in 1...count {
            let ping = Datagram(
                sender: Fleet.id(index).short, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0,
                message: .ping(sequence: 1, target: 0), items: [.member(Fleet.record(Fleet.id(index)))])
            fleet.give(0, .datagram(ping, from: Fleet.endpoint(index)))
        }
        var version: UInt32 = 0
        for _ in 0..<200 {
            version += 1
            for index in 1...count {
                let item = Item.hot(
                    Fleet.id(index), version: RecordVersion(generation: 1, counter: version), ageCentiseconds: 0,
                    coldVersions: ColdVersions(), HotReport())
                let gossip = Datagram(
                    sender: Fleet.id(index).short, generation: 1, incarnation: 0, hotCounter: version, localHealth: 0,
                    message: .gossip, items: [item])
                fleet.give(0, .datagram(gossip, from: Fleet.endpoint(index)))
            }
            fleet.run(for: .milliseconds(200))
        }
        #expect(fleet.nodes[0].herd.rumours.count <= 8 * (count + 1) + 256 + count)
        #expect(fleet.nodes[0].herd.timers.count < 10 * count)
    }

    @Test("the time of suspicions follows the logarithm")
    func suspicionTimes() {
        let times = SuspicionTimes()
        #expect(times.least(peers: 2) == .milliseconds(2_250))
        #expect(times.least(peers: 10) == .milliseconds(1_500))
        #expect(times.least(peers: 1_000) >= .milliseconds(4_495))
        #expect(times.least(peers: 1_000) <= .milliseconds(4_500))
        for (n, thousandths) in [(1, 0), (2, 301), (50, 1_698), (99, 1_995), (4_096, 3_612)] {
            #expect(abs(SuspicionTimes.thousandthsOfLog10(n) - Int64(thousandths)) <= 1)
        }
        #expect([1, 9, 10, 99, 100, 1_000].map(SuspicionTimes.digits) == [1, 1, 2, 2, 3, 4])
        #expect(times.timeout(peers: 10, accusers: 1, othersCanConfirm: true) == .milliseconds(9_000))
        #expect(times.timeout(peers: 10, accusers: 2, othersCanConfirm: true) == .milliseconds(1_500))
        // With a larger multiplier more have to confirm, and each one helps less.
        let patient = SuspicionTimes(interval: .seconds(1), multiplier: 4, percentForFew: 100)
        #expect(patient.timeout(peers: 10, accusers: 1, othersCanConfirm: true) == .seconds(24))
        let once = patient.timeout(peers: 10, accusers: 2, othersCanConfirm: true)
        #expect(once > .milliseconds(11_300) && once < .milliseconds(11_500))
        #expect(patient.timeout(peers: 10, accusers: 3, othersCanConfirm: true) == .seconds(4))
        #expect(patient.timeout(peers: 3, accusers: 1, othersCanConfirm: true) == .seconds(4))
    }
}
