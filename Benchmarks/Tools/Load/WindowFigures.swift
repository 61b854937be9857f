/// What one window of one target showed.
struct WindowFigures: Codable {
    var target = ""
    var round = 0
    /// Of the part that counts.
    var seconds = 0.0
    /// Answers and chunks within it.
    var requests = 0
    var chunks = 0
    /// Answers and chunks of the whole window: warming up and running out included.
    var allRequests = 0
    var allChunks = 0
    /// On-CPU time of the target's processes over the whole window and until they were calm again, seconds.
    var processorSeconds = 0.0
    /// Its part in event-loop threads; 0 for programs that are not built on SwiftNIO.
    var loopSeconds = 0.0
    /// Whole answers, microseconds; 0 without one.
    var p50 = 0.0
    var p99 = 0.0
    /// From a chunk's sending to its arrival, microseconds; 0 without one.
    var chunkP50 = 0.0
    var chunkP99 = 0.0
    /// Answers that were no good, and what the first of them was.
    var failures = 0
    var firstFailure: String?
}
