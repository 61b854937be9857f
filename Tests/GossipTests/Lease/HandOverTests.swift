import Gossip
import Testing

@Suite("Hand-over, resume and return of grants")
struct HandOverTests {
    private func settledWorld(_ count: Int, seed: UInt64 = 1, candidacies: [Candidacy]? = nil) -> LeaseWorld {
        var world = LeaseWorld(count, seed: seed, candidacies: candidacies)
        world.see(Array(0..<count))
        world.run(.seconds(5)) { $0.settled }
        world.run(.seconds(3))
        return world
    }

    @Test("A router that stops hands over within 100 ms and owes nothing", arguments: [2, 3, 5, 10])
    func shutdown(count: Int) {
        for seed in 0..<8 {
            var world = settledWorld(count, seed: UInt64(seed))
            world.delay = .milliseconds(5)
            let old = world.routers[0]
            let epoch = world.rules[old]?.heldEpoch ?? 0
            let start = world.now
            world.give(.shutdown, to: old)
            #expect(world.routers.isEmpty)
            #expect(world.durable[old].cleanExit)
            #expect(world.run(.seconds(1)) { !$0.routers.isEmpty })
            #expect(world.now - start < .milliseconds(100))
            #expect(world.rules[world.routers[0]]?.heldEpoch == epoch + 1)
            #expect(world.routers[0] != old)
            world.crash(old)
            world.see((0..<count).filter { $0 != old })
            world.run(.seconds(5))
            #expect(world.settled)
        }
    }

    @Test("A stopping router without a successor releases")
    func release() {
        var world = settledWorld(3, candidacies: [Candidacy(), Candidacy(priority: 0), Candidacy(priority: 0)])
        #expect(world.routers == [0])
        world.give(.shutdown, to: 0)
        world.run(.milliseconds(10))
        #expect([1, 2].allSatisfy { world.obeyed($0) == nil })
        #expect(world.notes.contains { $0.note == .steppedDown(epoch: 1, .shutdown) })
    }

    @Test("A follower that stops gives its grant back, and may then restart without a quarantine")
    func follower() {
        var world = settledWorld(2)
        let router = world.routers[0]
        let follower = 1 - router
        #expect(!world.durable[follower].cleanExit)
        world.give(.shutdown, to: follower)
        #expect(!world.durable[follower].cleanExit, "the router still counts on it")
        world.run(.milliseconds(5))
        #expect(world.durable[follower].cleanExit)
        #expect(world.rules[router]?.heldUntil(LeaseWorld.id(follower), now: world.now) == nil)
        #expect(world.routers == [router], "the router does not lose its role by it")
        world.start(follower)
        world.see([0, 1], at: [follower])
        #expect(world.run(.seconds(1)) { $0.settled })
    }

    @Test("An answer from before a peer left and came back counts no more")
    func lateAnswer() {
        var world = settledWorld(3)
        let router = world.routers[0]
        let follower = (router + 1) % 3
        // The next answers of the follower are late by a second; meanwhile it stops, returns its grant and starts anew.
        world.slow[[follower, router]] = .seconds(1)
        world.run(.milliseconds(500))
        world.slow = [:]
        world.give(.shutdown, to: follower)
        world.run(.milliseconds(5))
        #expect(world.durable[follower].cleanExit)
        world.see((0..<3).filter { $0 != follower }, at: [router])
        world.cuts = [[router, follower]]
        world.start(follower)
        world.see([0, 1, 2], at: [router])
        world.run(.seconds(2)) { $0.rules[router]?.heldUntil(LeaseWorld.id(follower), now: $0.now) != nil }
        #expect(world.rules[router]?.heldUntil(LeaseWorld.id(follower), now: world.now) == nil)
    }

    @Test("A stop that nobody hears stays unclean until the grant has run out")
    func unheard() {
        var world = settledWorld(3)
        let follower = (world.routers[0] + 1) % 3
        for other in 0..<3 { world.cuts.insert([follower, other]) }
        world.give(.shutdown, to: follower)
        world.run(.milliseconds(1_500))
        #expect(!world.durable[follower].cleanExit)
        world.run(.seconds(3))
        #expect(world.durable[follower].cleanExit)
    }

    @Test("A successor that is not there costs half a second, not the fleet")
    func lostSuccessor() {
        var world = settledWorld(5)
        let old = world.routers[0]
        world.give(.shutdown, to: old)
        var successor = -1
        for entry in world.sent {
            if case .handOver(_, let id) = entry.message { successor = LeaseWorld.place(id) }
        }
        #expect(successor >= 0)
        world.crash(successor)
        world.crash(old)
        let start = world.now
        let rest = (0..<5).filter { $0 != old && $0 != successor }
        world.see(rest + [successor], suspects: [successor], at: rest)
        #expect(world.run(.seconds(3)) { !$0.routers.isEmpty })
        #expect(world.now - start < .milliseconds(1_500))
    }

    @Test("After a resume nothing held before counts, but what was promised stays")
    func resumed() {
        var world = settledWorld(3)
        let old = world.routers[0]
        world.give(.resumed, to: old)
        #expect(world.routers.isEmpty)
        #expect((0..<3).allSatisfy { world.rules[old]?.heldUntil(LeaseWorld.id($0), now: world.now) == nil })
        let follower = (old + 1) % 3
        #expect(world.obeyed(follower) == old)
        world.give(.resumed, to: follower)
        #expect(world.obeyed(follower) == old, "the voter's promise outlives its sleep")
        #expect(world.run(.seconds(3)) { $0.settled })
    }

    @Test("A laptop that slept for a minute as router commands nobody, whatever it believes and whenever it is told")
    func laptop() {
        for isTold in [true, false] {
            var world = settledWorld(3)
            let old = world.routers[0]
            let epoch = world.rules[old]?.heldEpoch ?? 0
            let others = (0..<3).filter { $0 != old }
            let fence = LeaseWorld.id(old)
            world.asleep = [old]
            world.run(.seconds(2))
            world.see(others, at: others)
            world.run(.seconds(58))
            #expect(world.routers.count == 1 && world.routers != [old], "the others went on")
            // It wakes up. Not one event has come in: the clock alone says that nothing is left.
            for target in 0..<3 {
                #expect(world.rules[old]?.validUntil(LeaseWorld.id(target), now: world.now) == nil)
                #expect(world.rules[old]?.heldUntil(LeaseWorld.id(target), now: world.now) == nil)
                #expect(world.rules[target]?.admits(epoch: epoch, router: fence, now: world.now) == false)
            }
            world.asleep = []
            if isTold { world.give(.resumed, to: old) }
            #expect(world.rules[old]?.isRouter(now: world.now) == false)
            if isTold { #expect(world.rules[old]?.heldEpoch == nil) }
            world.see([0, 1, 2])
            #expect(world.run(.seconds(3)) { $0.settled })
            #expect(world.routers != [old], "the merge rule does not ask who was first")
            #expect((0..<3).allSatisfy { world.rules[$0]?.admits(epoch: epoch, router: fence, now: world.now) == false })
        }
    }

    @Test(
        "A machine that is about to sleep hands over or gives its grant back, and goes on after ten seconds if it did not sleep")
    func suspending() {
        for isRouter in [true, false] {
            var world = settledWorld(3)
            let router = world.routers[0]
            let sleeper = isRouter ? router : (router + 1) % 3
            let start = world.now
            world.give(.suspending, to: sleeper)
            #expect(world.run(.milliseconds(100)) { !$0.routers.isEmpty && $0.routers != [sleeper] })
            #expect((world.routers == [router]) == !isRouter)
            world.run(start + .seconds(9) - world.now)
            #expect(world.obeyed(sleeper) == nil && !world.routers.contains(sleeper))
            #expect(world.durable[sleeper].cleanExit, "it may lose power now and owe nothing")
            world.run(.milliseconds(1_500))
            #expect(world.obeyed(sleeper) != nil, "ten seconds later it lives on")
            #expect(world.run(.seconds(2)) { $0.settled })
        }
        var world = settledWorld(3)
        let sleeper = (world.routers[0] + 1) % 3
        world.give(.suspending, to: sleeper)
        world.run(.milliseconds(50))
        world.give(.resumed, to: sleeper)
        #expect(world.run(.seconds(1)) { $0.settled }, "and at once when it is told that it is awake")
    }

    @Test("A better class takes over by hand-over after a minute, once")
    func preference() {
        var world = LeaseWorld(3, candidacies: [Candidacy(), Candidacy(priority: 90), Candidacy()])
        world.see([0, 2])
        world.run(.seconds(5))
        #expect(world.routers == [0])
        world.see([0, 1, 2])
        world.run(.seconds(58)) { $0.routers != [0] }
        #expect(world.routers == [0], "no pre-emption")
        #expect(world.run(.seconds(5)) { $0.routers == [1] })
        #expect(world.run(.seconds(1)) { $0.settled })
        let handOvers = world.notes.count { if case .steppedDown(_, .handedOver) = $0.note { true } else { false } }
        #expect(handOvers == 1)
        let start = world.now
        world.run(.seconds(400)) { !$0.settled }
        #expect(world.now - start == .seconds(400), "and stays")
    }
}
