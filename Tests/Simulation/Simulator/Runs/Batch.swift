/// Schedules of one size: `count` seeds from `first` on.
public struct Batch: Sendable, Hashable {
    /// How many peers each has.
    public var peers: Int
    /// The first seed.
    public var first: UInt64
    /// How many.
    public var count: Int
    /// How long faults occur in each, true time.
    public var faultTime: Duration

    /// A batch.
    public init(peers: Int, first: UInt64, count: Int, faultTime: Duration) {
        self.peers = peers
        self.first = first
        self.count = count
        self.faultTime = faultTime
    }

    /// The schedule at a place of the batch.
    public func schedule(_ place: Int) -> Schedule {
        Schedule(seed: first &+ UInt64(place), peers: peers, faultTime: faultTime)
    }
}
