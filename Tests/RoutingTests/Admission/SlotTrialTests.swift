import Gossip
import Testing

@testable import Routing

/// Slots are learnt from what streams show, and only from that.
@Suite struct SlotTrialTests {
    typealias Client = TriedEngine.Client

    static let chat = Client(pause: .milliseconds(100), first: .milliseconds(150), rest: .seconds(3))
    static let quick = Client(pause: .milliseconds(20), first: .milliseconds(40), rest: .milliseconds(400))
    static let long = Client(pause: .seconds(1), first: .seconds(1), rest: .seconds(20))

    @Test(arguments: [chat, long], 0..<2 as Range<UInt64>)
    func anEngineThatRunsFourShowsIt(client: Client, seed: UInt64) {
        var world = TriedEngine(real: 4, clients: Array(repeating: client, count: 6), seed: seed)
        world.run(for: .seconds(1_200))
        #expect(world.slots == 4)
        #expect(world.table.raised.map(\.slots) == [RaisedSlots(model: world.model, slots: 4)])
    }

    /// Answers that hardly outlast the quarter of a second show it less often.
    @Test(arguments: 0..<2 as Range<UInt64>)
    func quickAnswersShowItTooInTime(seed: UInt64) {
        var world = TriedEngine(real: 4, clients: Array(repeating: Self.quick, count: 6), seed: seed)
        world.run(for: .seconds(1_200))
        #expect((2...4).contains(world.slots))
    }

    @Test(arguments: 0..<2 as Range<UInt64>)
    func noMoreThanTheEngineHasNorThanTheLimit(seed: UInt64) {
        var two = TriedEngine(real: 2, clients: Array(repeating: Self.chat, count: 6), seed: seed)
        two.run(for: .seconds(3_600))
        #expect(two.slots == 2)
        #expect(two.mostSlots == 2)
        var eight = TriedEngine(real: 8, limit: 3, clients: Array(repeating: Self.chat, count: 6), seed: seed)
        eight.run(for: .seconds(600))
        #expect(eight.slots == 3)
    }

    /// Whatever the answers are like, it stays at one slot, trials become rare, and nobody waits longer than without them.
    @Test(arguments: [chat, long, quick], 0..<2 as Range<UInt64>)
    func anEngineThatLinesUpStaysAtOne(client: Client, seed: UInt64) {
        let clients = Array(repeating: client, count: 4)
        var tried = TriedEngine(real: 1, clients: clients, seed: seed)
        var plain = TriedEngine(real: 1, limit: 1, clients: clients, seed: seed)
        tried.run(for: .seconds(7_200))
        plain.run(for: .seconds(7_200))
        #expect(tried.mostSlots == 1)
        #expect(tried.table.raised.isEmpty)
        #expect(plain.trials == 0)
        #expect(tried.trials > 0 && tried.trials < 130, "\(tried.trials) trials in two hours")
        // Clients ask again at their own times, so the two runs differ by a request here and there.
        let (with, without) = (tried.waits, plain.waits)
        let service = Double((client.first + client.rest).wholeMilliseconds) / 1_000
        #expect(with.longest <= without.longest + service + 0.3, "\(with) against \(without)")
        #expect(with.mean <= without.mean * 1.05, "\(with) against \(without)")
        #expect(tried.finished.count * 100 >= plain.finished.count * 98)
    }

    @Test func anEngineThatChangesToOneIsFoundOut() {
        var world = TriedEngine(real: 4, clients: Array(repeating: Self.chat, count: 6))
        world.run(for: .seconds(600))
        #expect(world.slots == 4)
        world.real = 1
        world.run(for: .seconds(60))
        #expect(world.slots == 1)
        world.real = 4
        world.run(for: .seconds(1_200))
        #expect(world.slots == 4)
    }

    @Test func anEngineThatChangesToTwoIsFoundOut() {
        var world = TriedEngine(real: 4, clients: Array(repeating: Self.chat, count: 6))
        world.run(for: .seconds(600))
        world.real = 2
        world.run(for: .seconds(120))
        #expect(world.slots <= 2)
    }

    /// Of a whole answer nobody sees when the engine began with it.
    @Test func wholeAnswersShowNothing() {
        var client = Self.chat
        client.isWhole = true
        var world = TriedEngine(real: 4, clients: Array(repeating: client, count: 6))
        world.run(for: .seconds(1_200))
        #expect(world.mostSlots == 1)
        #expect(world.trials == 0)
    }

    /// An answer that a slow client still reads has long left the engine: the next one's first bytes show nothing.
    @Test func slowReadersShowNothing() {
        var client = Self.chat
        client.slowness = .seconds(5)
        var world = TriedEngine(real: 1, clients: Array(repeating: client, count: 4))
        world.run(for: .seconds(3_600))
        #expect(world.mostSlots == 1)
    }

    @Test func oneClientAloneIsNeverATrial() {
        var world = TriedEngine(real: 4, clients: [Self.chat])
        world.run(for: .seconds(600))
        #expect(world.trials == 0)
        #expect(world.slots == 1)
    }

    @Test func knownNumbersAreNotTried() {
        var world = TriedEngine(real: 4, limit: 1, clients: Array(repeating: Self.chat, count: 6))
        world.run(for: .seconds(600))
        #expect(world.trials == 0)
        #expect(world.slots == 1)
    }

    /// What was learnt is gone with the engine, and where somebody says the number.
    @Test func aNumberThatIsSaidReplacesWhatWasLearnt() {
        var world = TriedEngine(real: 4, clients: Array(repeating: Self.chat, count: 6))
        world.run(for: .seconds(600))
        var table = world.table
        table.configure(slotsPerModel: [("ollama", 2)], draining: false)
        #expect(table.slots(of: world.model, backend: "ollama") == 2)
        #expect(table.raised.isEmpty)
        table.configure(slotsPerModel: [], draining: false)
        #expect(table.slots(of: world.model, backend: "ollama") == nil)
    }

    /// A newcomer who could still go to another machine is let in only where a slot is near.
    @Test func newcomersThatCanGoElsewhereAreNoTrial() {
        var table = SlotTable()
        let model = ModelKey(name: "small:7b")
        table.configure(slotsPerModel: [("ollama", 1)], limits: [("ollama", 4)], draining: false)
        func at(_ seconds: Int64) -> Instant { now + .seconds(seconds) }
        #expect(table.admit(1, model: model, backend: "ollama", now: now) == .run)
        #expect(table.spoke(1, now: at(1)) == (nil, false))
        #expect(table.finished(1, now: at(8)) == nil)
        #expect(table.admit(2, model: model, backend: "ollama", now: at(10)) == .run)
        #expect(table.spoke(2, now: at(11)) == (nil, false))
        // Seven seconds are left: somebody else may be free.
        let newcomer = table.admit(3, model: model, backend: "ollama", turn: Turn(client: 3), now: at(11))
        #expect(newcomer != .run && newcomer != .wait)
        // Everybody was busy.
        let waited = Turn(client: 3, waited: .seconds(1))
        #expect(table.admit(3, model: model, backend: "ollama", turn: waited, now: at(12)) == .run)
        #expect(table.spoke(3, now: at(13)) == (nil, true))
    }

    /// Whose turn it is, is let in; a request that leaves meanwhile, or fails, changes nothing.
    @Test func whoWaitsIsLetInByTurns() {
        var table = SlotTable()
        let model = ModelKey(name: "small:7b")
        table.configure(slotsPerModel: [("ollama", 1)], limits: [("ollama", 4)], draining: false)
        #expect(table.admit(1, model: model, backend: "ollama", turn: Turn(client: 1), now: now) == .run)
        #expect(table.admit(2, model: model, backend: "ollama", turn: Turn(client: 1), now: now) == .wait)
        let urgent = Turn(client: 2, priority: .interactive)
        #expect(table.admit(3, model: model, backend: "ollama", turn: urgent, now: now) == .wait)
        #expect(table.spoke(1, now: now + .seconds(1)) == (3, false))
        #expect(table.abandoned(3, now: now + .seconds(2)) == nil)
        #expect(table.counts == (1, 1))
        #expect(table.finished(1, now: now + .seconds(3)) == 2)
        #expect(table.raised.isEmpty)
    }
}
