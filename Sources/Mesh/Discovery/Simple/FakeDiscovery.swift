import Synchronization

/// Discovery in memory, driven by hand: for tests of what stands on top of it.
public final class FakeDiscovery: Discovering {
    /// What `sight` and `vanish` were told, oldest first.
    public let events: AsyncStream<DiscoveryEvent>
    private let continuation: AsyncStream<DiscoveryEvent>.Continuation
    private let inner = Mutex((state: DiscoveryState.off, reannouncements: 0))

    /// Makes one that is off until `run()`.
    public init() {
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
    }

    /// What `set(_:)` was told last; `run()` makes it `running`, its end `off`.
    public var state: DiscoveryState { inner.withLock(\.state) }
    /// How often `reannounce()` was called.
    public var reannouncements: Int { inner.withLock(\.reannouncements) }

    /// Reports a sighting to the reader of `events`.
    public func sight(_ sighting: Sighting) { continuation.yield(.sighted(sighting)) }
    /// Reports that an announcement went away.
    public func vanish(shortID: String) { continuation.yield(.vanished(shortID: shortID)) }
    /// Sets the state that is reported.
    public func set(_ state: DiscoveryState) { inner.withLock { $0.state = state } }

    /// Waits for cancellation.
    public func run() async {
        set(.running(name: "fake"))
        await NoDiscovery().run()
        set(.off)
    }

    /// Counts the call.
    public func reannounce() { inner.withLock { $0.reannouncements += 1 } }
}
