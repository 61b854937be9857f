/// One day (UTC) of one peer's shard, summed up: what other peers keep of it, so that the fleet still knows when that peer is gone.
public struct OwnerDay: Sendable, Hashable, Codable {
    /// The day's begin, seconds since 1970.
    public var day: Int
    /// Counts up at the owner: the higher one wins.
    public var version: Int64
    /// Requests by node and model; the keys have no time.
    public var rows: [Counted]

    /// A day.
    public init(day: Int, version: Int64, rows: [Counted]) {
        self.day = day
        self.version = version
        self.rows = rows
    }
}
