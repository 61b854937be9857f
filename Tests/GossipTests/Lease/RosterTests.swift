import Gossip
import Testing

@Suite("The roster, and who is quorate by it")
struct RosterTests {
    private func ids(_ places: [Int]) -> [PeerID] { places.map(LeaseWorld.id) }

    /// Everybody of `places` goes by one roster with exactly these peers, and the router is quorate.
    private func isWhole(_ world: LeaseWorld, _ places: [Int]) -> Bool {
        guard let first = world.rules[places[0]]?.roster, first.peers == ids(places), let router = quorate(world).first else {
            return false
        }
        return places.contains(router) && places.allSatisfy { world.rules[$0]?.roster.hash == first.hash }
    }

    private func quorate(_ world: LeaseWorld) -> [Int] {
        world.rules.indices.filter { place in
            guard let rules = world.rules[place] else { return false }
            return rules.isRouter(now: world.now) && rules.mode(now: world.now) == .quorate
        }
    }

    private func cut(_ world: inout LeaseWorld, _ left: [Int], _ right: [Int]) {
        for a in left { for b in right { world.cuts.formUnion([[a, b], [b, a]]) } }
    }

    /// Two quorate routers of one lineage at any time are what must not be.
    private func neverTwo(_ world: inout LeaseWorld, for duration: Duration) {
        let wrong = world.run(duration) { world in
            let routers = quorate(world)
            return Set(routers.compactMap { world.rules[$0]?.roster.lineage }).count < routers.count
        }
        #expect(!wrong, "two are quorate in one lineage at \(world.now)")
    }

    @Test("Newborn peers that meet have one roster soon, made by admitting one after the other", arguments: [1, 2, 3, 5, 9])
    func birth(count: Int) {
        for seed: UInt64 in 1...5 {
            var world = LeaseWorld(count, seed: seed, knowsRoster: false)
            let all = Array(0..<count)
            world.see(all)
            #expect(world.run(.seconds(5)) { isWhole($0, all) }, "seed \(seed)")
            for place in all { #expect(world.durable[place].roster == world.rules[place]?.roster || count == 1) }
            neverTwo(&world, for: .seconds(10))
            #expect(isWhole(world, all))
        }
    }

    @Test("A peer that is alone is quorate by itself, and no more when it holds one of a larger roster")
    func alone() {
        var world = LeaseWorld(3, knowsRoster: false)
        world.durable[1] = DurableLease(
            roster: Roster(
                lineage: RosterLineage(founder: LeaseWorld.id(1), epoch: 4), version: RosterVersion(epoch: 4), peers: ids([1, 2]))
        )
        world.start(1)
        world.see([0])
        world.run(.seconds(2))
        #expect(quorate(world) == [0])
        world.see([0, 1])
        world.run(.seconds(8))
        #expect(world.routers.count == 1 && world.obeyed(0) == world.obeyed(1) && quorate(world).isEmpty)
        #expect(world.rules[0]?.roster.peers == ids([1, 2]), "it looks on")
        world.see([0, 1, 2])
        #expect(world.run(.seconds(20)) { isWhole($0, [0, 1, 2]) })
    }

    @Test("Joiners on the smaller side of a partition make no quorum of it")
    func joiners() {
        for seed: UInt64 in 1...5 {
            var world = LeaseWorld(9, seed: seed, knowsRoster: false)
            world.see([0, 1, 2, 3, 4])
            #expect(world.run(.seconds(6)) { isWhole($0, [0, 1, 2, 3, 4]) })
            // Two of five go with four newborn peers: six of nine are on their side.
            cut(&world, [0, 1, 5, 6, 7, 8], [2, 3, 4])
            world.see([0, 1, 5, 6, 7, 8])
            world.see([2, 3, 4])
            neverTwo(&world, for: .seconds(20))
            #expect(quorate(world).allSatisfy { [2, 3, 4].contains($0) }, "seed \(seed)")
            #expect(quorate(world).count == 1)
            world.cuts = []
            world.see(Array(0..<9))
            neverTwo(&world, for: .seconds(25))
            #expect(isWhole(world, Array(0..<9)), "seed \(seed)")
        }
    }

    @Test("When a follower leaves, the last of two is quorate; when the router leaves, too")
    func leave() {
        for seed: UInt64 in 1...5 {
            for routerLeaves in [false, true] {
                var world = LeaseWorld(2, seed: seed, knowsRoster: false)
                world.see([0, 1])
                #expect(world.run(.seconds(5)) { isWhole($0, [0, 1]) })
                world.run(.seconds(2))
                let router = world.routers[0]
                let leaver = routerLeaves ? router : 1 - router
                let rest = 1 - leaver
                world.give(.shutdown, to: leaver)
                world.run(.milliseconds(200))
                world.crash(leaver)
                world.see([rest], left: [leaver])
                world.run(.seconds(1))
                #expect(quorate(world) == [rest], "seed \(seed), the router left: \(routerLeaves)")
                #expect(world.rules[rest]?.roster.peers == ids([rest]))
                // It comes back from its disk and is one of two again.
                world.start(leaver)
                world.see([0, 1])
                #expect(world.run(.seconds(8)) { isWhole($0, [0, 1]) }, "seed \(seed), the router left: \(routerLeaves)")
            }
        }
    }

    @Test("Who falls asleep stays on the roster")
    func sleep() {
        for who in 0..<2 {
            var world = LeaseWorld(2, knowsRoster: false)
            world.see([0, 1])
            world.run(.seconds(5)) { isWhole($0, [0, 1]) }
            world.run(.seconds(2))
            world.give(.suspending, to: who)
            world.run(.seconds(1))
            #expect(world.rules[1 - who]?.roster.peers == ids([0, 1]))
            #expect(quorate(world).isEmpty)
            world.give(.resumed, to: who)
            #expect(world.run(.seconds(8)) { isWhole($0, [0, 1]) })
        }
    }

    @Test("A crashed peer stays on the roster; more than half must be there")
    func crash() {
        var world = LeaseWorld(3, knowsRoster: false)
        world.see([0, 1, 2])
        world.run(.seconds(5)) { isWhole($0, [0, 1, 2]) }
        world.crash(2)
        world.see([0, 1])
        world.run(.seconds(6))
        #expect(quorate(world).count == 1)
        world.crash(1)
        world.see([0])
        world.run(.seconds(6))
        #expect(world.routers == [0] && quorate(world).isEmpty)
    }

    @Test("Members that nobody saw for a week are given up; when they come back, all are one again")
    func ageing() {
        var world = LeaseWorld(4, knowsRoster: false)
        let all = [0, 1, 2, 3]
        world.see(all)
        world.run(.seconds(8)) { isWhole($0, all) }
        world.run(.seconds(1))
        cut(&world, [0, 1], [2, 3])
        world.see([0, 1])
        world.see([2, 3])
        world.run(.seconds(6))
        #expect(quorate(world).isEmpty, "two of four are no majority")
        // Only one of the two agrees that the others are gone: nothing happens.
        let router = world.routers.first { $0 < 2 } ?? 0
        world.see([0, 1], aged: [2, 3], at: [router])
        world.run(.seconds(6))
        #expect(quorate(world).isEmpty)
        world.see([0, 1], aged: [2, 3])
        world.run(.seconds(6))
        #expect(quorate(world) == [router])
        #expect(world.rules[0]?.roster.peers == ids([0, 1]))
        world.cuts = []
        world.see(all)
        #expect(world.run(.seconds(40)) { isWhole($0, all) }, "\(world.rules.map { $0?.roster })")
    }

    @Test("Two fleets that meet become one, whichever wins", arguments: [[2, 3], [3, 2], [1, 4], [4, 1]])
    func twoFleets(sizes: [Int]) {
        for seed: UInt64 in 1...4 {
            let left = Array(0..<sizes[0])
            let right = Array(sizes[0]..<5)
            var world = LeaseWorld(5, seed: seed, knowsRoster: false)
            cut(&world, left, right)
            world.see(left)
            world.see(right)
            world.run(.seconds(8)) { isWhole($0, left) && isWhole($0, right) }
            world.run(.seconds(3))
            world.cuts = []
            world.see(Array(0..<5))
            neverTwo(&world, for: .seconds(20))
            #expect(isWhole(world, Array(0..<5)), "seed \(seed)")
        }
    }

    @Test("Who cannot write acknowledges no roster: it might be at an older one after a crash")
    func readOnly() {
        var world = LeaseWorld(2, knowsRoster: false)
        world.see([0, 1])
        world.run(.seconds(5)) { isWhole($0, [0, 1]) }
        world.run(.seconds(1))
        for place in 0..<2 {
            world.give(.storage(writable: false), to: place)
            world.run(.seconds(1))
            #expect(world.routers.count == 1 && quorate(world).isEmpty, "renewals go on")
            world.give(.storage(writable: true), to: place)
            world.run(.seconds(1))
            #expect(isWhole(world, [0, 1]))
        }
    }

    @Test("Laptops that come and go do not count")
    func ephemeral() {
        let laptop = Candidacy(ephemeral: true)
        var world = LeaseWorld(4, candidacies: [Candidacy(), laptop, laptop, Candidacy()], knowsRoster: false)
        world.see([0, 1, 2, 3])
        world.run(.seconds(12))
        #expect(world.settled)
        for place in 0..<4 { #expect(world.rules[place]?.roster.peers == ids([0, 3]), "\(place)") }
        #expect(quorate(world).count == 1)
    }

    @Test("A change that never reached anybody does not come up again beside a newer one")
    func unfinished() {
        // 0…3 are four; 0 is router and admits 4 while it is cut from the others, so that its change stays unknown to them.
        for seed: UInt64 in 1...10 {
            var world = LeaseWorld(5, seed: seed, knowsRoster: false)
            world.see([0, 1, 2, 3])
            world.run(.seconds(8)) { isWhole($0, [0, 1, 2, 3]) }
            world.run(.seconds(1))
            let router = world.routers[0]
            let others = [0, 1, 2, 3].filter { $0 != router }
            world.see([0, 1, 2, 3, 4], at: [router])
            world.see([router, 4].sorted(), at: [4])
            world.run(.seconds(2)) { $0.rules[router]?.roster.contains(LeaseWorld.id(4)) ?? false }
            cut(&world, [router, 4], others)
            world.see([router, 4].sorted())
            world.see(others, left: [others[0]], at: Array(others.dropFirst()))
            neverTwo(&world, for: .seconds(15))
            cut(&world, [router, 4, others[0]], Array(others.dropFirst()))
            world.cuts.subtract([[router, others[0]], [others[0], router], [4, others[0]], [others[0], 4]])
            world.see([router, 4, others[0]].sorted())
            neverTwo(&world, for: .seconds(15))
            world.cuts = []
            world.see([0, 1, 2, 3, 4])
            neverTwo(&world, for: .seconds(30))
            #expect(isWhole(world, [0, 1, 2, 3, 4]), "seed \(seed)")
        }
    }
}
