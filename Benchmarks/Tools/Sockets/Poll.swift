import CPoll
import Glibc

/// Readiness of sockets by epoll(7), level-triggered, for one thread.
final class Poll {
    /// A socket that is ready.
    struct Event {
        var descriptor: Int32
        /// Bytes, the end or an error wait to be read.
        var isReadable: Bool
        /// There is room to write.
        var isWritable: Bool
    }

    private static let batch = 256
    private let descriptor: Int32
    private let ready = UnsafeMutablePointer<bench_event>.allocate(capacity: Poll.batch)

    init() throws(BenchProblem) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw .system("epoll_create1", errno) }
    }

    deinit {
        close(descriptor)
        ready.deallocate()
    }

    /// Begins to watch a socket for bytes.
    func add(_ socket: Int32) throws(BenchProblem) {
        guard bench_poll_watch(descriptor, socket, EPOLLIN.rawValue, 1) == 0 else { throw .system("epoll_ctl", errno) }
    }

    /// Watches a known socket for bytes, and for room to write where that is asked for.
    func change(_ socket: Int32, forWriting: Bool) {
        let events = forWriting ? EPOLLIN.rawValue | EPOLLOUT.rawValue : EPOLLIN.rawValue
        _ = bench_poll_watch(descriptor, socket, events, 0)
    }

    /// Waits until a socket is ready or the time is over, then hands each ready one to `body`.
    ///
    /// - Parameter nanoseconds: how long to wait at most; nil without end.
    func wait(nanoseconds: Int64?, _ body: (Event) -> Void) throws(BenchProblem) {
        let count = bench_poll_wait(descriptor, ready, Int32(Self.batch), nanoseconds.map { max(0, $0) } ?? -1)
        if count < 0 {
            if errno == EINTR { return }
            throw .system("epoll_wait", errno)
        }
        for at in 0..<Int(count) {
            let event = ready[at]
            body(
                Event(
                    descriptor: event.descriptor, isReadable: event.events & ~EPOLLOUT.rawValue != 0,
                    isWritable: event.events & EPOLLOUT.rawValue != 0))
        }
    }
}
