/// A place in the order of a shard's traces: pages begin behind it.
public struct TracePlace: Sendable, Hashable, Codable {
    /// Seconds since 1970.
    public var timestamp: Double
    /// The row's number; rows of the same time go on below it.
    public var id: Int64

    /// A place.
    public init(timestamp: Double, id: Int64) {
        self.timestamp = timestamp
        self.id = id
    }
}
