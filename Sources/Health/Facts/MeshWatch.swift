/// Remembers how the router changed: a view says only who it is now.
public struct MeshWatch: Sendable {
    /// The router at one time; nil for none.
    public struct Reign: Hashable, Sendable {
        /// Whose, in hex.
        public var router: String?
        /// Its epoch.
        public var epoch: UInt64
        /// It held grants of less than half of the roster.
        public var isDegraded: Bool

        /// A reign.
        public init(router: String?, epoch: UInt64, isDegraded: Bool) {
            self.router = router
            self.epoch = epoch
            self.isDegraded = isDegraded
        }
    }

    private var current: Reign?
    private var since = 0.0
    private var changes: [Double] = []

    /// Changes within so many seconds count.
    public static let window = 600.0
    /// More are not remembered.
    static let limit = 256

    /// Nothing seen.
    public init() {}

    /// What is so at `now`, seconds of a clock that never goes back.
    public mutating func see(_ reign: Reign, now: Double) {
        guard reign != current else { return }
        // The first router that a peer sees is no change, and neither is the gap between two.
        if let before = lastRouter, let router = reign.router, (before.router, before.epoch) != (router, reign.epoch) {
            changes.append(now)
            if changes.count > Self.limit { changes.removeFirst() }
        }
        if reign.router != nil { lastRouter = reign }
        since = now
        current = reign
    }

    private var lastRouter: Reign?

    /// How long it has been as it is, seconds.
    public func unchangedSeconds(now: Double) -> Double { current == nil ? 0 : max(0, now - since) }

    /// Changes of the router in the last ten minutes.
    public func recentChanges(now: Double) -> Int { changes.count { now - $0 < Self.window } }
}
