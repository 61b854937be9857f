import Synchronization

/// What a session makes public. Readable at any time, even while the session's thread is blocked in a D-Bus call.
final class SessionBoard: Sendable {
    /// What has been achieved so far.
    struct Facts: Sendable, Equatable {
        var state: DiscoveryState = .connecting("asking for the system bus")
        /// The daemon's version, such as `avahi 0.8`; only asked for by the doctor.
        var version: String?
        /// The announcement was accepted by the network.
        var announced = false
        /// The first round of browsing has ended.
        var browsed = false
        /// Other peers that are announced now.
        var peers = 0
        /// The last error of Avahi, in its words.
        var lastError: String?
    }

    private let inner: Mutex<(facts: Facts, open: Bool)>
    private let continuation: AsyncStream<DiscoveryEvent>.Continuation?

    init(continuation: AsyncStream<DiscoveryEvent>.Continuation?) {
        self.continuation = continuation
        inner = Mutex((Facts(), true))
    }

    var facts: Facts { inner.withLock(\.facts) }

    func change(_ body: (inout Facts) -> Void) {
        inner.withLock { body(&$0.facts) }
    }

    func emit(_ events: [DiscoveryEvent]) {
        guard inner.withLock(\.open) else { return }
        for event in events { continuation?.yield(event) }
    }

    /// No event leaves after this.
    func close() { inner.withLock { $0.open = false } }
}
