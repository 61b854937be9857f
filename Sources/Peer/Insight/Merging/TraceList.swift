public import Store

/// A page of traces over shards, in the fleet's order (``TraceCursor``).
public struct TraceList: Sendable, Hashable, Codable {
    /// A trace and where it lies.
    public struct Entry: Sendable, Hashable, Codable {
        /// The id of the shard's peer.
        public var shard: String
        /// The trace.
        public var row: TraceRow

        /// Its place in the fleet's order.
        public var cursor: TraceCursor { TraceCursor(timestamp: row.timestamp, shard: shard, id: row.id ?? 0) }
    }

    /// The traces.
    public var entries: [Entry] = []
    /// Where the next page begins; nil when there are no more.
    public var next: TraceCursor?

    /// No traces.
    public init() {}

    /// A shard's page.
    public init(_ page: TracePage, shard: String, limit: Int) {
        entries = page.rows.map { Entry(shard: shard, row: $0) }
        if let stopped = page.stoppedAt {
            next = entries.count >= limit ? entries.last?.cursor : TraceCursor(timestamp: stopped, shard: "", id: .min)
        } else if entries.count >= limit {
            next = entries.last?.cursor
        }
    }

    /// Adds another shard's page; what lies behind the place where one of the two stopped is for the next page.
    mutating func add(_ other: TraceList, limit: Int) {
        var merged: [Entry] = []
        merged.reserveCapacity(min(limit, entries.count + other.entries.count))
        var (left, right) = (entries[...], other.entries[...])
        let end = [next, other.next].compactMap { $0 }.min { $0.isBefore($1) }
        var isCut = false
        while merged.count < limit, let entry = Self.take(&left, &right) {
            if let end, end.isBefore(entry.cursor) {
                isCut = true
                break
            }
            merged.append(entry)
        }
        entries = merged
        next = merged.count >= limit && !(isCut || left.isEmpty && right.isEmpty && end == nil) ? merged.last?.cursor : end
    }

    private static func take(_ left: inout ArraySlice<Entry>, _ right: inout ArraySlice<Entry>) -> Entry? {
        guard let a = left.first else { return right.popFirst() }
        guard let b = right.first else { return left.popFirst() }
        return b.cursor.isBefore(a.cursor) ? right.popFirst() : left.popFirst()
    }
}

extension TraceCursor {
    /// Comes earlier in the fleet's order: is newer.
    func isBefore(_ other: TraceCursor) -> Bool { (other.timestamp, other.shard, other.id) < (timestamp, shard, id) }
}
