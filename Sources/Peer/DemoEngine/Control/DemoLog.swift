import Synchronization

/// The requests that an engine saw, oldest first; the oldest are forgotten beyond the limit.
public final class DemoLog: Sendable {
    private struct State {
        var entries: [DemoLogEntry] = []
        var first = 1
    }

    private let limit: Int
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(limit: Int) { self.limit = max(limit, 1) }

    /// All entries that are kept.
    public var entries: [DemoLogEntry] { state.withLock { $0.entries } }

    /// How many requests were seen since the start.
    public var count: Int { state.withLock { $0.first - 1 + $0.entries.count } }

    /// Forgets all entries; numbers go on.
    public func clear() {
        state.withLock { state in
            state.first += state.entries.count
            state.entries = []
        }
    }

    /// Milliseconds since the engine started.
    var now: Double { (ContinuousClock.now - start).milliseconds }

    func begin(method: String, path: String, body: String, headers: [[String]]) -> Int {
        let now = now
        return state.withLock { state in
            let number = state.first + state.entries.count
            state.entries.append(
                DemoLogEntry(
                    number: number, method: method, path: path, body: body, headers: headers, model: nil,
                    startedMilliseconds: now,
                    admittedMilliseconds: nil, finishedMilliseconds: nil, status: nil, tokens: 0, outcome: .running))
            if state.entries.count >= 2 * limit {
                let surplus = state.entries.count - limit
                state.entries.removeFirst(surplus)
                state.first += surplus
            }
            return number
        }
    }

    func update(_ number: Int, _ change: (inout DemoLogEntry) -> Void) {
        state.withLock { state in
            let index = number - state.first
            guard state.entries.indices.contains(index) else { return }
            change(&state.entries[index])
        }
    }
}
