import FastLane
import Synchronization

/// Keeps all rows.
final class KeptTraces: TraceSink {
    private let all = Mutex<[RequestTrace]>([])
    func record(_ trace: RequestTrace) { all.withLock { $0.append(trace) } }
    /// The last rows of requests.
    var ends: [RequestTrace] { all.withLock { $0.filter { $0.row == .terminal } } }
}
