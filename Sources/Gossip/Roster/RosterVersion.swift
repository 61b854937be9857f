/// Which state of a roster: the epoch in which a router made it, and a count within it.
public struct RosterVersion: Hashable, Comparable, Sendable, Codable {
    /// The epoch of the router that made it; 0 for the roster that a peer is born with.
    public var epoch: UInt64
    /// Counts the changes within the epoch.
    public var counter: UInt32

    /// A version.
    public init(epoch: UInt64 = 0, counter: UInt32 = 0) {
        self.epoch = epoch
        self.counter = counter
    }

    /// Orders by value.
    public static func < (a: RosterVersion, b: RosterVersion) -> Bool { (a.epoch, a.counter) < (b.epoch, b.counter) }
}
