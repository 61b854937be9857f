import Gossip

/// Which state exchanges run and which wait. One per address, at most eight at once, at most 64 waiting.
struct SyncQueue {
    static let parallel = 8
    static let waitingLimit = 64

    private(set) var running: [Endpoint] = []
    private(set) var waiting: [Endpoint] = []

    enum Verdict: Equatable { case start, wait, alreadyUnderWay, full }

    mutating func add(_ endpoint: Endpoint) -> Verdict {
        if running.contains(endpoint) || waiting.contains(endpoint) { return .alreadyUnderWay }
        if running.count < Self.parallel {
            running.append(endpoint)
            return .start
        }
        guard waiting.count < Self.waitingLimit else { return .full }
        waiting.append(endpoint)
        return .wait
    }

    /// An exchange has ended; the next one to start, if any.
    mutating func ended(_ endpoint: Endpoint) -> Endpoint? {
        running.removeAll { $0 == endpoint }
        guard running.count < Self.parallel, !waiting.isEmpty else { return nil }
        let next = waiting.removeFirst()
        running.append(next)
        return next
    }
}
