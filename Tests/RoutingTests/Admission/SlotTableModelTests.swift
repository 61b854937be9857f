import Gossip
import Routing
import Testing

/// Random events on the table and on a plain list of requests, which is slow and obviously right.
@Suite struct SlotTableModelTests {
    private struct Request {
        var id: UInt64
        var backend: String
        var model: ModelKey
        var runs: Bool
    }

    private struct Reference {
        var requests: [Request] = []
        var slots: [String: Int] = [:]
        var draining = false
        /// Engines and models of which a runtime is known.
        var known: Set<String> = []

        func running(_ backend: String, _ model: ModelKey) -> Int {
            requests.filter { $0.backend == backend && $0.model == model && $0.runs }.count
        }

        func waiting(_ backend: String, _ model: ModelKey) -> [UInt64] {
            requests.filter { $0.backend == backend && $0.model == model && !$0.runs }.map { $0.id }
        }

        var inFlight: Int { requests.filter { $0.runs }.count }
        var queued: Int { requests.count - inFlight }

        mutating func start(_ id: UInt64) {
            if let place = requests.firstIndex(where: { $0.id == id }) { requests[place].runs = true }
        }

        /// Takes a request out and starts the next, if there is room.
        mutating func end(_ id: UInt64) -> UInt64? {
            guard let place = requests.firstIndex(where: { $0.id == id }) else { return nil }
            let gone = requests.remove(at: place)
            guard gone.runs, running(gone.backend, gone.model) < slots[gone.backend] ?? 0,
                let next = waiting(gone.backend, gone.model).first
            else { return nil }
            start(next)
            return next
        }
    }

    private let backends = ["a", "b", "c"]
    private let models = (1...3).map { ModelKey(rawValue: $0) }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func agreesWithAPlainList(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var table = SlotTable()
        var reference = Reference()
        var clock = now
        configure(&table, &reference, &generator)
        for _ in 0..<600 {
            clock = clock + generator.duration(below: .seconds(2))
            let id = UInt64.random(in: 0..<30, using: &generator)
            switch Int.random(in: 0..<20, using: &generator) {
            case 0:
                configure(&table, &reference, &generator)
                settle(&table, &reference, clock)
            case 1..<10: admit(id, &table, &reference, &generator, clock)
            case 10..<17:
                let request = reference.requests.first { $0.id == id }
                let runs = request?.runs ?? false
                let expected = runs ? reference.end(id) : nil
                #expect(table.finished(id, now: clock) == expected)
                if runs, let request { reference.known.insert("\(request.backend) \(request.model.rawValue)") }
            default: #expect(table.abandoned(id, now: clock) == reference.end(id))
            }
            compare(table, reference)
        }
    }

    private func configure(_ table: inout SlotTable, _ reference: inout Reference, _ generator: inout SeededGenerator) {
        reference.slots = [:]
        for backend in backends where Int.random(in: 0..<5, using: &generator) > 0 {
            reference.slots[backend] = Int.random(in: 0..<4, using: &generator)
        }
        reference.draining = Int.random(in: 0..<6, using: &generator) == 0
        table.configure(
            slotsPerModel: backends.compactMap { name in reference.slots[name].map { (name, $0) } }, draining: reference.draining)
    }

    private func settle(_ table: inout SlotTable, _ reference: inout Reference, _ clock: Instant) {
        var run: [UInt64] = []
        var lost: [UInt64] = []
        for backend in backends {
            for model in models {
                guard let slots = reference.slots[backend] else {
                    let gone = reference.waiting(backend, model)
                    lost += gone
                    reference.requests.removeAll { gone.contains($0.id) }
                    continue
                }
                while reference.running(backend, model) < slots, let next = reference.waiting(backend, model).first {
                    reference.start(next)
                    run.append(next)
                }
            }
        }
        let settled = table.settle(now: clock)
        #expect(settled.run.sorted() == run.sorted())
        #expect(settled.lost.sorted() == lost.sorted())
    }

    private func admit(
        _ id: UInt64, _ table: inout SlotTable, _ reference: inout Reference, _ generator: inout SeededGenerator, _ clock: Instant
    ) {
        let backend = backends[Int.random(in: 0..<3, using: &generator)]
        let model = models[Int.random(in: 0..<3, using: &generator)]
        let answer = table.admit(id, model: model, backend: backend, now: clock)
        func expectBusy(_ reason: String) {
            guard case .busy(let busy) = answer else {
                Issue.record("\(reason) expected, got \(answer)")
                return
            }
            #expect(busy.reason == reason)
            #expect(busy.inFlight == reference.inFlight)
            #expect(busy.queued == reference.queued)
        }
        if reference.requests.contains(where: { $0.id == id }) { return expectBusy("duplicate") }
        if reference.draining { return expectBusy("draining") }
        guard let slots = reference.slots[backend] else { return expectBusy("no_backend") }
        let waiting = reference.waiting(backend, model).count
        if reference.running(backend, model) < slots && waiting == 0 {
            #expect(answer == .run)
            reference.requests.append(Request(id: id, backend: backend, model: model, runs: true))
        } else if answer == .wait {
            #expect(waiting < slots)
            reference.requests.append(Request(id: id, backend: backend, model: model, runs: false))
        } else {
            expectBusy("slots")
            let mustWait = waiting < slots && !reference.known.contains("\(backend) \(model.rawValue)")
            #expect(!mustWait)
        }
    }

    private func compare(_ table: SlotTable, _ reference: Reference) {
        let load = table.load
        #expect(load.inFlight == reference.inFlight)
        #expect(load.queued == reference.queued)
        #expect(load.inFlight == load.models.reduce(0) { $0 + $1.inFlight })
        #expect(load.queued == load.models.reduce(0) { $0 + $1.queued })
        var expected: [SlotLoad.ModelLoad] = []
        for backend in backends {
            for model in models {
                let running = reference.running(backend, model)
                let waiting = reference.waiting(backend, model).count
                guard running + waiting > 0 else { continue }
                expected.append(SlotLoad.ModelLoad(backend: backend, model: model, inFlight: running, queued: waiting))
            }
        }
        #expect(load.models == expected)
    }
}
