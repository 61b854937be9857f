import Gossip
import Routing

/// One entry peer's line before several machines' slot tables, on a virtual clock: what the lane does with them, without the
/// lane. A request tries the machines, waits at one or in line, runs for a while, may be left by its client at any moment.
struct LineWorld {
    enum Place: Equatable {
        case line
        case slot(Int)
        case running(Int)
    }

    struct Request {
        var turn: Turn
        var place: Place?
        var arrived: Instant
        var deadline: Instant
        var runtime: Duration
        /// How many requests had started when it came.
        var startsBefore: Int
    }

    /// What was seen of a request that began to run.
    struct Start {
        var turn: Turn
        var waited: Duration
        /// Requests that began between its arrival and its own beginning.
        var overtakenBy: Int
    }

    let model = ModelKey(name: "small:7b")
    var clock = now
    var random: SeededGenerator
    var line: WaitLine
    var tables: [SlotTable]
    var slots: [Int]
    var drained: Set<Int> = []
    var killed: Set<Int> = []
    var requests: [UInt64: Request] = [:]
    var starts: [Start] = []
    var ends: [(at: Instant, id: UInt64, machine: Int)] = []
    var lastID: UInt64 = 0
    var refused = 0
    var gone = 0
    var startCount = 0
    /// What went wrong, in words.
    var problems: [String] = []

    init(seed: UInt64, slots: [Int], limit: Int = 10_000) {
        random = SeededGenerator(seed: seed)
        line = WaitLine(limit: limit)
        self.slots = slots
        tables = slots.map { _ in SlotTable() }
        for machine in slots.indices { configure(machine) }
    }

    private var machines: [PeerID] { slots.indices.map { peer(UInt64($0 + 1)) } }

    private mutating func configure(_ machine: Int) {
        tables[machine].configure(
            slotsPerModel: killed.contains(machine) ? [] : [(backend: "ollama", slots: slots[machine])],
            draining: drained.contains(machine))
        let settled = tables[machine].settle(now: clock)
        for id in settled.run { begin(id, machine) }
        for id in settled.lost {
            requests[id]?.place = nil
            attempt(id)
        }
    }

    // MARK: Requests

    mutating func arrive(_ turn: Turn, patience: Duration, runtime: Duration) {
        lastID += 1
        requests[lastID] = Request(
            turn: turn, place: nil, arrived: clock, deadline: clock + patience, runtime: runtime, startsBefore: startCount)
        if line.holds(model, before: turn, now: clock) {
            let first = line.wakeFirst(of: model, now: clock)
            join(lastID)
            if let first { call(first) }
        } else {
            attempt(lastID)
        }
    }

    /// One round over the machines in some order.
    private mutating func attempt(_ id: UInt64) {
        guard let request = requests[id] else { return }
        var turn = request.turn
        turn.waited = clock - request.arrived
        for machine in slots.indices.shuffled(using: &random) {
            switch tables[machine].admit(id, model: model, backend: "ollama", turn: turn, now: clock) {
            case .run:
                leaveLine(id)
                return begin(id, machine)
            case .wait:
                requests[id]?.place = .slot(machine)
                return leaveLine(id)
            case .busy: continue
            }
        }
        join(id)
    }

    private mutating func join(_ id: UInt64) {
        guard let request = requests[id] else { return }
        guard line.join(id, model: model, peers: machines, turn: request.turn, now: clock) != nil else {
            requests[id] = nil
            refused += 1
            return
        }
        requests[id]?.place = .line
        if let again = line.missedCall(id) { call(again) }
    }

    private mutating func call(_ id: UInt64) {
        if requests[id]?.place == .line { attempt(id) } else { problems.append("\(id) was called and does not wait") }
    }

    private mutating func leaveLine(_ id: UInt64) {
        if let next = line.leave(id, now: clock) { call(next) }
    }

    private mutating func begin(_ id: UInt64, _ machine: Int) {
        guard let request = requests[id] else { return problems.append("\(id) runs and is gone") }
        requests[id]?.place = .running(machine)
        starts.append(
            Start(turn: request.turn, waited: clock - request.arrived, overtakenBy: startCount - request.startsBefore))
        startCount += 1
        ends.append((clock + request.runtime, id, machine))
    }

    /// The request ends, however it does: its place is free.
    mutating func end(_ id: UInt64, served: Bool) {
        guard let request = requests.removeValue(forKey: id) else { return }
        gone += 1
        ends.removeAll { $0.id == id }
        switch request.place {
        case .line: leaveLine(id)
        case .slot(let machine): tables[machine].abandoned(id, now: clock)
        case .running(let machine):
            let next =
                served ? tables[machine].finished(id, now: clock) : tables[machine].abandoned(id, now: clock)
            if let next {
                begin(next, machine)
            } else if let first = line.wakeFirst(for: machines[machine], now: clock) {
                call(first)
            }
        case nil: break
        }
    }

    // MARK: Machines

    mutating func drain(_ machine: Int, _ on: Bool) {
        if on { drained.insert(machine) } else { drained.remove(machine) }
        configure(machine)
        if on {
            // Who waits for its slots goes elsewhere.
            for id in tables[machine].standings(now: clock).map(\.id) {
                tables[machine].abandoned(id, now: clock)
                requests[id]?.place = nil
                attempt(id)
            }
        } else {
            callFor(machine)
        }
    }

    mutating func kill(_ machine: Int, _ on: Bool) {
        if on { killed.insert(machine) } else { killed.remove(machine) }
        if on { for end in ends where end.machine == machine { self.end(end.id, served: false) } }
        configure(machine)
        if !on { callFor(machine) }
    }

    mutating func resize(_ machine: Int, to count: Int) {
        slots[machine] = count
        configure(machine)
        callFor(machine)
    }

    /// A view shows room there.
    mutating func callFor(_ machine: Int) {
        if let first = line.wakeFirst(for: machines[machine], now: clock) { call(first) }
    }

    // MARK: Time

    /// Ends and deadlines in their order until `time`; then it is that time.
    mutating func advance(to time: Instant) {
        while let next = ends.min(by: { $0.at < $1.at }), next.at <= time {
            clock = max(clock, next.at)
            end(next.id, served: true)
        }
        clock = time
        let late = requests.filter { $0.value.place == .line && $0.value.deadline <= time }.keys.sorted()
        for id in late { end(id, served: false) }
        // The first of the line tries by its own timer.
        for standing in line.standings(now: clock).prefix(1) where line.mayTry(standing.id, now: clock) { call(standing.id) }
    }

    // MARK: What must hold

    mutating func check() {
        var inLine = 0
        for machine in slots.indices {
            let load = tables[machine].load
            let running = requests.values.count { $0.place == .running(machine) }
            let waiting = requests.values.count { $0.place == .slot(machine) }
            if load.inFlight != running || load.queued != waiting {
                problems.append("machine \(machine) counts \(load.inFlight)+\(load.queued), there are \(running)+\(waiting)")
            }
            if running != ends.count(where: { $0.machine == machine }) { problems.append("machine \(machine) forgot an end") }
        }
        for request in requests.values where request.place == .line { inLine += 1 }
        if line.count != inLine { problems.append("the line counts \(line.count), \(inLine) wait") }
        if requests.values.contains(where: { $0.place == nil }) { problems.append("a request is nowhere") }
    }
}
