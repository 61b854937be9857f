import Gossip
import Routing

/// A slot table before an engine that really runs `real` requests at once and lines up the others, on a virtual clock.
///
/// Clients send one request after another. Who is refused stands in line, whose first asks again every moment.
struct TriedEngine {
    struct Client {
        /// From its answer to its next request.
        var pause: Duration
        /// From when the engine takes it up until its first bytes.
        var first: Duration
        /// From then to its end.
        var rest: Duration
        /// Its answer comes in one piece.
        var isWhole = false
        /// It reads its answers slowly: they end for this peer so much later than in the engine.
        var slowness = Duration.zero
    }

    enum Event { case ask(Int), retry(UInt64), spoke(UInt64), served(UInt64), ended(UInt64) }

    struct Request {
        var client: Int
        var asked: Instant
        var isTrial = false
        /// The engine has it.
        var sent: Instant?
        var done: Instant?
    }

    let model = ModelKey(name: "small:7b")
    var table = SlotTable()
    var real: Int
    var clients: [Client]
    var clock = now
    var random: SeededGenerator
    var requests: [UInt64: Request] = [:]
    var finished: [Request] = []
    var trials = 0
    private(set) var mostSlots = 1
    private var events: [(at: Instant, order: Int, event: Event)] = []
    private var order = 0
    private var inService = 0
    private var engineLine: [UInt64] = []
    private var line: [UInt64] = []
    private var lastID: UInt64 = 0

    init(real: Int, limit: Int = 4, clients: [Client], seed: UInt64 = 1) {
        self.real = real
        self.clients = clients
        random = SeededGenerator(seed: seed)
        table.configure(
            slotsPerModel: [("ollama", 1)], limits: limit > 1 ? [("ollama", limit)] : [], draining: false)
        for client in clients.indices { after(random.duration(below: .seconds(1)), .ask(client)) }
    }

    var slots: Int { table.slots(of: model, backend: "ollama") ?? 0 }

    /// The longest and the mean time from asking to the end, seconds.
    var waits: (longest: Double, mean: Double) {
        let all = finished.compactMap { request in request.done.map { Double(($0 - request.asked).wholeMilliseconds) / 1_000 } }
        return (all.max() ?? 0, all.reduce(0, +) / Double(max(1, all.count)))
    }

    mutating func run(for duration: Duration) {
        let end = clock + duration
        while let next = events.indices.min(by: { (events[$0].at, events[$0].order) < (events[$1].at, events[$1].order) }),
            events[next].at <= end
        {
            let event = events.remove(at: next)
            clock = event.at
            handle(event.event)
            mostSlots = max(mostSlots, slots)
        }
        clock = end
    }

    private mutating func after(_ time: Duration, _ event: Event) {
        order += 1
        events.append((clock + time, order, event))
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .ask(let client):
            lastID += 1
            requests[lastID] = Request(client: client, asked: clock)
            admit(lastID)
        case .retry(let id): if line.first == id { admit(id) } else { after(.milliseconds(50), .retry(id)) }
        case .spoke(let id):
            guard let request = requests[id], !clients[request.client].isWhole else { return }
            let (next, isTrial) = table.spoke(id, now: clock)
            if isTrial {
                requests[id]?.isTrial = true
                trials += 1
            }
            if clients[request.client].slowness > .zero { table.held(id) }
            if let next { send(next) }
        case .served(let id):
            inService -= 1
            if !engineLine.isEmpty { serve(engineLine.removeFirst()) }
            after(requests[id].map { clients[$0.client].slowness } ?? .zero, .ended(id))
        case .ended(let id):
            guard var request = requests.removeValue(forKey: id) else { return }
            request.done = clock
            finished.append(request)
            after(clients[request.client].pause, .ask(request.client))
            if let next = table.finished(id, now: clock) { send(next) }
        }
    }

    private mutating func admit(_ id: UInt64) {
        guard let request = requests[id] else { return }
        let turn = Turn(client: UInt64(request.client), waited: clock - request.asked)
        switch table.admit(id, model: model, backend: "ollama", turn: turn, now: clock) {
        case .run:
            line.removeAll { $0 == id }
            send(id)
        case .wait: line.removeAll { $0 == id }
        case .busy:
            if !line.contains(id) { line.append(id) }
            after(.milliseconds(50), .retry(id))
        }
    }

    private mutating func send(_ id: UInt64) {
        requests[id]?.sent = clock
        if inService < real { serve(id) } else { engineLine.append(id) }
    }

    private mutating func serve(_ id: UInt64) {
        guard let client = requests[id].map({ clients[$0.client] }) else { return }
        inService += 1
        let first = client.first + random.duration(below: .milliseconds(20))
        after(first, .spoke(id))
        after(first + client.rest + random.duration(below: .milliseconds(200)), .served(id))
    }
}
