import Gossip
import Testing

@Suite("Split views and merge")
struct MergeTests {
    /// Two sides with a router each, wholly cut from each other.
    private func parted(_ left: [Int], _ right: [Int], seed: UInt64 = 1, rightRuns: Duration = .seconds(3)) -> LeaseWorld {
        let count = left.count + right.count
        var world = LeaseWorld(count, seed: seed)
        for a in left {
            for b in right {
                world.cuts.insert([a, b])
                world.cuts.insert([b, a])
            }
        }
        world.see(left)
        world.run(.seconds(5))
        world.see(right)
        world.run(rightRuns)
        return world
    }

    private func heal(_ world: inout LeaseWorld) {
        world.cuts = []
        world.see(Array(world.rules.indices))
    }

    @Test("Each side has its own router, and no peer obeys two")
    func split() {
        let world = parted([0, 1], [2, 3, 4])
        #expect(world.routers.count == 2)
        #expect(Set([0, 1].map { world.obeyed($0) }).count == 1)
        #expect(Set([2, 3, 4].map { world.obeyed($0) }).count == 1)
        #expect(world.rules[world.routers[0]]?.mode(now: world.now) == .degraded)
        #expect(world.rules[world.routers[1]]?.mode(now: world.now) == .quorate)
    }

    @Test("After the heal the quorate, larger or older one wins, whatever the epochs")
    func merge() {
        for seed in 0..<8 {
            for (left, right) in [([0], [1]), ([0, 1], [2, 3, 4]), ([0, 1, 2, 3], [4]), ([0, 1], [2, 3])] {
                var world = parted(left, right, seed: UInt64(seed), rightRuns: .seconds(8))
                let sides = world.routers
                #expect(sides.count == 2)
                let winner = left.count >= right.count ? sides[0] : sides[1]
                heal(&world)
                let start = world.now
                #expect(world.run(.seconds(10)) { $0.settled }, "seed \(seed) \(left) \(right)")
                #expect(world.now - start < .milliseconds(1_500), "seed \(seed) \(left) \(right)")
                if left.count != right.count { #expect(world.routers == [winner], "seed \(seed) \(left) \(right)") }
                world.run(.seconds(20)) { !$0.settled }
                #expect(world.settled)
            }
        }
    }

    @Test("An isolated peer with a high epoch does not depose the router of the others")
    func highEpoch() {
        var world = LeaseWorld(4)
        world.durable[3].maxEpoch = 900
        world.start(3)
        for other in 0..<3 {
            world.cuts.insert([3, other])
            world.cuts.insert([other, 3])
        }
        world.see([0, 1, 2])
        world.see([3])
        world.run(.seconds(20))
        let router = world.routers.filter { $0 != 3 }
        #expect(world.routers.count == 2)
        world.cuts = []
        world.see([0, 1, 2, 3])
        #expect(world.run(.seconds(3)) { $0.settled })
        #expect(world.routers == router)
        #expect((world.rules[router[0]]?.heldEpoch ?? 0) > 901)
    }

    @Test("What a router announced before it was cut off does not depose its successor")
    func oldAnnouncement() {
        for seed: UInt64 in 0..<8 {
            var world = LeaseWorld(3, seed: seed)
            world.see([0, 1, 2])
            world.run(.seconds(20))
            let old = world.routers[0]
            let others = [0, 1, 2].filter { $0 != old }
            for other in others {
                world.cuts.insert([old, other])
                world.cuts.insert([other, old])
            }
            world.run(.seconds(3))
            world.see(others)
            world.see([old])
            world.run(.seconds(4))
            let successor = world.routers.filter { $0 != old }
            #expect(world.routers.count == 2 && successor.count == 1)
            heal(&world)
            #expect(world.run(.seconds(3)) { $0.settled })
            #expect(world.routers == successor, "seed \(seed)")
        }
    }

    @Test("A free peer that has seen a higher epoch is taken in by a new term in place")
    func freePeer() {
        var world = LeaseWorld(3, candidacies: [Candidacy(), Candidacy(), Candidacy(priority: 0)])
        world.durable[2] = DurableLease(maxEpoch: 50, longestGrantMilliseconds: 5_000, cleanExit: true)
        world.start(2)
        world.see([0, 1])
        world.run(.seconds(3))
        let router = world.routers[0]
        world.see([0, 1, 2])
        #expect(world.run(.seconds(2)) { $0.settled })
        #expect(world.routers == [router])
        #expect(!world.notes.contains { if case .steppedDown = $0.note { true } else { false } })
    }

    @Test("Stale announcements, and those of a lease given back, depose nobody")
    func stale() {
        var world = LeaseWorld(3)
        world.see([0, 1, 2])
        world.run(.seconds(3))
        let router = world.routers[0]
        let other = (router + 1) % 3
        func record(_ epoch: UInt64, _ counter: UInt32) -> LeaseRecord {
            LeaseRecord(
                router: LeaseWorld.id(other), epoch: epoch, lengthMilliseconds: 2_000, mode: .quorate, priorityClass: 9,
                domainSize: 9, heldSeconds: 999, counter: counter)
        }
        world.give(.message(.release(epoch: 40), from: LeaseWorld.id(other)), to: router)
        world.give(.announced(record(40, 3)), to: router)
        world.give(.announced(record(39, 9)), to: router)
        #expect(world.routers == [router])
        var own = record(99, 9)
        own.router = LeaseWorld.id(router)
        world.give(.announced(own), to: router)
        #expect(world.routers == [router], "its own old announcement means nothing")
        var stranger = record(99, 9)
        stranger.router = PeerID(short: 77, low: 7)
        world.give(.announced(stranger), to: router)
        #expect(world.routers == [router], "an unreachable router does not matter")
        world.give(.announced(record(41, 1)), to: router)
        #expect(world.routers.isEmpty, "a new one does")
        #expect(world.run(.seconds(5)) { $0.settled }, "and if it was a lie, the next election repairs it")
        let next = world.routers[0]
        if next != other {
            world.give(.announced(record(41, 1)), to: next)
            #expect(world.routers == [next], "it works once")
        }
    }

    @Test("Check-quorum: a router that loses its peers' answers is none when their grants end")
    func checkQuorum() {
        var world = LeaseWorld(3)
        world.see([0, 1, 2])
        world.run(.seconds(3))
        let router = world.routers[0]
        for other in 0..<3 where other != router {
            world.cuts.insert([other, router])
            world.cuts.insert([router, other])
        }
        let start = world.now
        #expect(world.run(.seconds(3)) { !$0.routers.contains(router) })
        #expect(world.now - start <= .milliseconds(2_000))
        #expect(world.run(.seconds(3)) { !$0.routers.isEmpty })
        #expect(world.now - start >= .milliseconds(1_600), "the others waited for their promise")
        #expect(!world.routers.contains(router))
    }
}
