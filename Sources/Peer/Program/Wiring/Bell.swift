import Synchronization

/// Rung once until it is heard, however often somebody pulls: a busy lane changes its load thousands of times a second.
final class Bell: Sendable {
    /// One element for all rings since it was last heard.
    let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let isRung = Mutex(false)

    init() { (rings, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

    /// From any thread; cheap when it rings already.
    func ring() {
        let first = isRung.withLock { rung in
            defer { rung = true }
            return !rung
        }
        if first { continuation.yield() }
    }

    /// What is rung from now on is rung again.
    func heard() { isRung.withLock { $0 = false } }
}
