import Synchronization

/// Holds the requests of a scripted engine until it is told to answer.
final class Gate: Sendable {
    private let waiting = Mutex<[ScriptedUpstream.Connection]>([])

    func hold(_ connection: ScriptedUpstream.Connection) { waiting.withLock { $0.append(connection) } }

    var count: Int { waiting.withLock { $0.count } }

    /// Answers the oldest.
    func release() {
        let next = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        next?.answer("{}")
    }
}
