import GRDB

extension Shard {
    /// How long one search for traces looks at rows that do not fit.
    static let searchTime = Duration.milliseconds(400)

    /// Traces by the time of their arrival, newest first: the order that shards have in common.
    ///
    /// Where a filter names a model, a node, a status or a tag, the counts per hour say which hours have any.
    /// - Parameter limit: 1 to ``pageLimit``; values outside are moved inside.
    /// - Parameter filter: Which rows.
    /// - Parameter place: Rows behind it.
    public func newestTraces(
        limit: Int = 50, filter: TraceFilter = TraceFilter(), behind place: TracePlace? = nil
    ) async throws(ShardError) -> TracePage {
        let limit = min(max(limit, 1), Self.pageLimit)
        return try await read { db in
            guard filter.isSearched, !filter.isTrouble else {
                return TracePage(rows: try Self.rows(db, filter, place, limit: limit))
            }
            return try Self.search(db, filter, place, limit: limit)
        }
    }

    /// Looks through the hours that have any, the newest first, until there are enough or the time is over.
    private static func search(_ db: Database, _ filter: TraceFilter, _ place: TracePlace?, limit: Int) throws -> TracePage {
        let end = ContinuousClock.now + searchTime
        var page = TracePage(rows: [])
        for span in try spans(db, filter, place) {
            var piece = filter
            piece.since = max(span.lowerBound, filter.since ?? -.infinity)
            piece.until = min(span.upperBound, filter.until ?? .infinity)
            page.rows += try rows(db, piece, place, limit: limit - page.rows.count)
            page.stoppedAt = span.lowerBound
            if page.rows.count >= limit || ContinuousClock.now >= end { return page }
        }
        page.stoppedAt = nil
        return page
    }

    /// Hours, newest first, that together hold all rows that fit.
    private static func spans(_ db: Database, _ filter: TraceFilter, _ place: TracePlace?) throws -> [Range<Double>] {
        let covered = try Int64.fetchOne(db, sql: "SELECT \(ShardSchema.covered)") ?? 0
        let oldest = try Double.fetchOne(db, sql: "SELECT min(timestamp) FROM request_traces")
        let latest = try Int64.fetchOne(db, sql: "SELECT max(id) FROM request_traces") ?? 0
        guard let oldest, latest <= covered else { return [-1e15..<1e15] }
        var parts = ["hour > ? - 3600", "hour < ?", "hour > ? - 3600"]
        let upper = min(filter.until ?? 1e14, place.map { $0.timestamp + 1 } ?? 1e14)
        var arguments: [(any DatabaseValueConvertible)?] = [filter.since ?? -1e14, upper, oldest]
        func add(_ part: String, _ value: String?) {
            guard let value else { return }
            parts.append(part)
            arguments.append(value)
        }
        add("status = ?", filter.status)
        if let tag = filter.tag {
            add("tag = ?", tag)
        } else {
            add("model = ?", filter.model)
            add("node_id = ?", filter.nodeID)
        }
        // Tags are counted for requests, not for attempts that were tried again elsewhere.
        let table = filter.tag != nil && filter.status != "retried" ? "trace_tag_hours" : "trace_hours"
        if table == "trace_hours", filter.tag != nil {
            parts = Array(parts.prefix(3))
            arguments = Array(arguments.prefix(3))
        }
        let hours = try Int.fetchAll(
            db, sql: "SELECT DISTINCT hour FROM \(table) WHERE \(parts.joined(separator: " AND ")) ORDER BY hour DESC",
            arguments: StatementArguments(arguments))
        return hours.map { Double($0)..<Double($0 + 3600) }
    }

    private static func rows(_ db: Database, _ filter: TraceFilter, _ place: TracePlace?, limit: Int) throws -> [TraceRow] {
        var (condition, arguments) = filter.sql
        if filter.isTrouble { condition += " AND status <> 'completed'" }
        if let place {
            condition += (condition.isEmpty ? "WHERE" : " AND") + " timestamp <= ? AND (timestamp, id) < (?, ?)"
            arguments += [place.timestamp, place.timestamp, place.id]
        }
        return try Stored<TraceRow>.values(
            db,
            sql: """
                SELECT \(TraceRow.selection) FROM request_traces \(condition)
                ORDER BY timestamp DESC, id DESC LIMIT ?
                """, arguments: StatementArguments(arguments + [limit]))
    }
}

extension TraceFilter {
    /// Rows that did not end well have an index of their own.
    fileprivate var isTrouble: Bool { status != nil && status != "completed" && requestID == nil }

    /// Whether rows that do not fit may lie between those that do.
    fileprivate var isSearched: Bool {
        requestID == nil && (model != nil || nodeID != nil || status != nil || tag != nil || clientIP != nil)
    }
}
