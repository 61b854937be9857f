public import Store

/// Where a page of traces over all shards ended. The fleet's order is: newest first; of the same time by the shard, then by the
/// row's number, both descending.
public struct TraceCursor: Sendable, Hashable, Codable {
    /// Seconds since 1970.
    public var timestamp: Double
    /// The id of the shard's peer; empty for a place between two times.
    public var shard: String
    /// The row's number in that shard.
    public var id: Int64

    /// A place.
    public init(timestamp: Double, shard: String, id: Int64) {
        self.timestamp = timestamp
        self.shard = shard
        self.id = id
    }

    /// The same place in the order of one shard.
    public func place(inShard own: String) -> TracePlace {
        TracePlace(timestamp: timestamp, id: own == shard ? id : own < shard ? .max : .min)
    }

    /// As it stands in a URL: `time-shard-number`.
    public var text: String { "\(String(timestamp.bitPattern, radix: 16))-\(shard)-\(id)" }

    /// Reads ``text``; nil for anything else.
    public init?(text: String) {
        let parts = text.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
        guard text.utf8.count <= 128, parts.count == 3, let bits = UInt64(parts[0], radix: 16), let id = Int64(parts[2]) else {
            return nil
        }
        timestamp = Double(bitPattern: bits)
        guard timestamp.isFinite, parts[1].allSatisfy(\.isHexDigit) else { return nil }
        shard = String(parts[1])
        self.id = id
    }
}
