public import Logging
import Synchronization

/// Discovery over the machine's Avahi daemon: announces, browses and resolves `_herd-peer._tcp`.
///
/// Avahi may be absent, come late, restart or hang: peers that were seen stay seen, and the connection is made again
/// once a second. Announcing and browsing follow RFC 6763.
public final class AvahiDiscovery: Discovering {
    /// What was seen; see `Discovering.events`.
    public let events: AsyncStream<DiscoveryEvent>
    private let continuation: AsyncStream<DiscoveryEvent>.Continuation
    private let announcement: Announcement
    private let log: Logger
    private let current = Mutex<AvahiSession?>(nil)

    /// Makes discovery for one peer; nothing happens before `run()`.
    public init(announcement: Announcement, log: Logger) {
        self.announcement = announcement
        self.log = log
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
    }

    deinit { continuation.finish() }

    /// What discovery does now. Never waits for Avahi.
    public var state: DiscoveryState { current.withLock { $0 }?.board.facts.state ?? .off }

    /// Announces, browses and resolves until the task is cancelled; one run at a time.
    ///
    /// Cancellation ends it at once, even while Avahi blocks: the goodbye is then sent from Avahi's own thread.
    public func run() async {
        guard let session = await makeSession() else { return }
        current.withLock { $0 = session }
        Task { await session.start() }
        await NoDiscovery().run()
        session.board.close()
        current.withLock { $0 = nil }
        Task { await session.close() }
    }

    /// Announces this peer again; at most once in five seconds, later calls in that time are done at its end.
    public func reannounce() {
        guard let session = current.withLock({ $0 }) else { return }
        Task { await session.announceAnew() }
    }

    /// Nil when the task was cancelled before the system had a thread for it.
    private func makeSession() async -> AvahiSession? {
        while !Task.isCancelled {
            if let thread = AvahiThread() {
                let board = SessionBoard(continuation: continuation)
                return AvahiSession(thread: thread, plan: .init(announcement: announcement), board: board, log: log)
            }
            log.error("mDNS cannot start: the system has no thread or file descriptor left")
            try? await Task.sleep(for: .seconds(1))
        }
        return nil
    }
}
