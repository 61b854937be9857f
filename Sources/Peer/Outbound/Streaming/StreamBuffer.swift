import Synchronization

/// The chunks of a body between libcurl's thread and one reader. It never holds much more than its capacity.
final class StreamBuffer: Sendable {
    private struct State {
        var chunks: [[UInt8]] = []
        var bytes = 0
        var paused = false
        var ended = false
        var error: OutboundError?
        var readers: [CheckedContinuation<Void, Never>] = []
    }

    /// What a reader gets.
    enum Next {
        /// Bytes, and whether the sender waits for being resumed.
        case chunk([UInt8], resume: Bool)
        case end(OutboundError?)
        /// Nothing yet.
        case wait
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// Takes bytes from the thread; false when too many wait already: the thread pauses the transfer.
    func offer(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (taken, readers): (Bool, [CheckedContinuation<Void, Never>]) = state.withLock { state in
            guard state.bytes < capacity else {
                state.paused = true
                return (false, [])
            }
            // Tiny chunks are put together, so that their number stays small.
            if let last = state.chunks.indices.last, state.chunks[last].count < 4096 {
                state.chunks[last].append(contentsOf: bytes)
            } else {
                state.chunks.append(Array(bytes))
            }
            state.bytes += bytes.count
            defer { state.readers = [] }
            return (true, state.readers)
        }
        for reader in readers { reader.resume() }
        return taken
    }

    /// The end of the body; the first end counts. Chunks that still wait come before it.
    func finish(_ error: OutboundError?) {
        let readers = state.withLock { state in
            if !state.ended {
                state.ended = true
                state.error = error
            }
            defer { state.readers = [] }
            return state.readers
        }
        for reader in readers { reader.resume() }
    }

    /// What is there for the reader now.
    func take() -> Next {
        state.withLock { state in
            guard !state.chunks.isEmpty else { return state.ended ? .end(state.error) : .wait }
            let chunk = state.chunks.removeFirst()
            state.bytes -= chunk.count
            let resume = state.paused && state.bytes <= capacity / 2
            if resume { state.paused = false }
            return .chunk(chunk, resume: resume)
        }
    }

    /// Waits until there may be something.
    func ready() async {
        await withCheckedContinuation { continuation in
            let now = state.withLock { state in
                guard state.chunks.isEmpty, !state.ended else { return true }
                state.readers.append(continuation)
                return false
            }
            if now { continuation.resume() }
        }
    }
}
