import Gossip
import Routing
import Testing

/// The real line and the real slot tables under random entry, cancel, deadline, drain, kill and resize, by seed.
@Suite struct LineStressTests {
    private let second = Duration.seconds(1)

    @Test(arguments: 0..<60 as Range<UInt64>)
    func noSlotIsLostWhateverHappens(seed: UInt64) {
        var dice = SeededGenerator(seed: seed &* 77 &+ 5)
        var world = LineWorld(
            seed: seed, slots: (0..<Int.random(in: 1...5, using: &dice)).map { _ in Int.random(in: 1...4, using: &dice) },
            limit: Int.random(in: 1...60, using: &dice))
        for _ in 0..<800 {
            world.advance(to: world.clock + dice.duration(below: .milliseconds(300)))
            disturb(&world, &dice)
            world.check()
            guard world.problems.isEmpty else { break }
        }
        #expect(world.problems.isEmpty, "seed \(seed): \(world.problems.prefix(3))")
        // All machines come back, nobody comes any more: everything is served or gone, and every count is zero.
        for machine in world.slots.indices {
            world.kill(machine, false)
            world.drain(machine, false)
            if world.slots[machine] == 0 { world.resize(machine, to: 1) }
        }
        for _ in 0..<2_000 where !world.requests.isEmpty { world.advance(to: world.clock + second) }
        #expect(world.requests.isEmpty, "seed \(seed): \(world.requests.count) are stuck")
        #expect(world.line.count == 0 && world.tables.allSatisfy { $0.load == SlotLoad() }, "seed \(seed)")
        #expect(world.gone + world.refused == Int(world.lastID))
    }

    private func disturb(_ world: inout LineWorld, _ dice: inout SeededGenerator) {
        let machine = Int.random(in: world.slots.indices, using: &dice)
        switch Int.random(in: 0..<40, using: &dice) {
        case 0: world.drain(machine, Bool.random(using: &dice))
        case 1: world.kill(machine, Bool.random(using: &dice))
        case 2: world.resize(machine, to: Int.random(in: 0...4, using: &dice))
        case 3: world.callFor(machine)
        case 4..<10:
            let all = world.requests.keys.sorted()
            if let id = all.randomElement(using: &dice) { world.end(id, served: false) }
        default:
            let priority = RequestPriority.allCases.randomElement(using: &dice) ?? .normal
            world.arrive(
                Turn(client: UInt64.random(in: 1...6, using: &dice), priority: priority),
                patience: dice.duration(below: .seconds(40)), runtime: .milliseconds(50) + dice.duration(below: .seconds(2)))
        }
    }

    /// Floods from several clients keep the fleet full. A client that sends one request now and then is overtaken by one request
    /// of each other client at most, and by those that hold a place at a machine or try for one already.
    @Test(arguments: 0..<12 as Range<UInt64>)
    func aLightClientIsOvertakenOnceByEachOther(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let slots = [1, 2, 1]
        var world = LineWorld(seed: seed, slots: slots)
        let floods = 4
        for step in 0..<1_500 {
            world.advance(to: world.clock + .milliseconds(50))
            for client in (1...floods).shuffled(using: &dice) where world.line.count < 200 {
                if Int.random(in: 0..<3, using: &dice) == 0 { arrive(UInt64(client), .normal, &world, &dice) }
            }
            if step % 60 == 0 { arrive(99, .normal, &world, &dice) }
        }
        let light = world.starts.filter { $0.turn.client == 99 }
        #expect(light.count >= 20)
        // At a machine as many wait as it has slots, and as many of clients that are new there; one may be trying. Once it has its
        // place at a machine of one slot, up to three runs of at most 1.5 s end there before its own begins, and the other three
        // slots start at most two a second each. In the order of arrival it would be some 200.
        let atMachines = 2 * slots.reduce(0, +)
        #expect((light.map(\.overtakenBy).max() ?? 0) <= floods + atMachines + 1 + 27, "seed \(seed)")
        // The floods share alike.
        let counts = (1...floods).map { client in world.starts.count { $0.turn.client == UInt64(client) } }
        let least = counts.min() ?? 0
        #expect(Double(counts.max() ?? 0) <= 1.2 * Double(least) + 5, "seed \(seed): \(counts)")
    }

    /// The fleet is full of interactive requests for ever. A batch request runs all the same once it has aged twice.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func batchIsNotStarved(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        var world = LineWorld(seed: seed, slots: [1, 1])
        for step in 0..<4_000 {
            world.advance(to: world.clock + .milliseconds(50))
            for client in 1...3 as ClosedRange<UInt64> where world.line.count < 60 { arrive(client, .interactive, &world, &dice) }
            if step % 400 == 0 { arrive(50, .batch, &world, &dice) }
            if step % 400 == 200 { arrive(51, .normal, &world, &dice) }
        }
        // Two times of ageing, then one request of each client and one that runs.
        let slack = Duration.seconds(2) * 4
        let batch = world.starts.filter { $0.turn.priority == .batch }
        let normal = world.starts.filter { $0.turn.priority == .normal }
        #expect(batch.count >= 8 && normal.count >= 8)
        #expect((batch.map(\.waited).max() ?? .zero) <= FairPlace.ageing * 2 + slack, "seed \(seed)")
        #expect((normal.map(\.waited).max() ?? .zero) <= FairPlace.ageing + slack, "seed \(seed)")
    }

    private func arrive(
        _ client: UInt64, _ priority: RequestPriority, _ world: inout LineWorld, _ dice: inout SeededGenerator
    ) {
        world.arrive(
            Turn(client: client, priority: priority), patience: .seconds(3_600),
            runtime: .milliseconds(500) + dice.duration(below: .milliseconds(1_000)))
    }
}
