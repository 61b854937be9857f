import GRDB

/// A span of time over the counts: whole hours as they are counted; the hours at its ends, and what is not counted yet, trace by
/// trace.
struct CountedSpan {
    private let since: Double
    private let until: Double
    private let first: Int
    private let end: Int
    private let firstDay: Int
    private let endDay: Int

    /// - Parameter since: Seconds since 1970, the first moment that counts.
    /// - Parameter until: Seconds since 1970, the first moment that does not.
    init(since: Double, until: Double) {
        self.since = since
        self.until = until
        // Beyond these no hour is counted; NaN is no time either.
        let low = since > -1e14 ? min(since, 1e14) : -1e14
        let high = until > -1e14 ? min(until, 1e14) : -1e14
        first = Int((low / 3600).rounded(.up)) * 3600
        end = max(first, Int((high / 3600).rounded(.down)) * 3600)
        firstDay = Int((low / 86_400).rounded(.up)) * 86_400
        endDay = max(firstDay, Int((high / 86_400).rounded(.down)) * 86_400)
    }

    /// The whole hours, and the span.
    var arguments: StatementArguments {
        ["first": first, "end": end, "since": since, "until": until]
    }

    /// The same, and the whole days.
    var argumentsWithDays: StatementArguments {
        arguments + ["firstDay": firstDay, "endDay": endDay]
    }

    /// A query that begins with the table `counted`, out of the coarsest counts that tell what is asked; its times are exact to the
    /// hour where the grouping has it, else to the day.
    static func counted(by grouping: CountGrouping, _ query: String) -> String {
        let isTag = grouping.contains(.tag)
        let isTotal = grouping.isDisjoint(with: [.node, .model, .tag])
        // What is not told apart has no value there.
        let keys = isTag ? "tag, status" : isTotal ? "NULL AS node_id, NULL AS model, status" : "node_id, model, status"
        let hours = isTag ? "trace_tag_hours" : isTotal ? "trace_hour_totals" : "trace_hours"
        func part(_ table: String, _ span: String) -> String {
            "SELECT hour, \(keys), \(ShardSchema.countColumns) FROM \(table) WHERE \(span)"
        }
        var parts: [String] = []
        if grouping.contains(.hour) || isTotal {
            // Every grouping has the two, so that all queries take the same values.
            parts.append(part(hours, "hour >= :first AND hour < :end AND :firstDay <= :endDay"))
        } else {
            parts.append(part(hours, "hour >= :first AND hour < min(:firstDay, :end)"))
            parts.append(part(hours, "hour >= :endDay AND hour >= :firstDay AND hour < :end"))
            parts.append(part(isTag ? "trace_tag_days" : "trace_days", "hour >= :firstDay AND hour < :endDay"))
        }
        for piece in pieces {
            parts.append(
                isTag
                    ? """
                    SELECT \(ShardSchema.hourOfTrace), tag.value, status, \(ShardSchema.countsOfTrace)
                    FROM \(ShardSchema.taggedTraces) AND \(piece)
                    """
                    : """
                    SELECT \(ShardSchema.hourOfTrace), node_id, model, status, \(ShardSchema.countsOfTrace)
                    FROM request_traces WHERE \(piece)
                    """)
        }
        return "WITH counted AS (\(parts.joined(separator: "\nUNION ALL ")))\n\(query)"
    }

    /// A query that begins with the table `counted`: hour, node, model, status and what is counted.
    static func hours(_ query: String) -> String {
        """
        WITH counted AS (
            SELECT hour, node_id, model, status, \(ShardSchema.countColumns) FROM trace_hours WHERE \(hourSpan)
            \(pieces.map { piece in
                """
                UNION ALL SELECT \(ShardSchema.hourOfTrace), node_id, model, status, \(ShardSchema.countsOfTrace)
                FROM request_traces WHERE \(piece)
                """
            }.joined(separator: "\n")))
        \(query)
        """
    }

    /// A query that begins with the table `counted`: hour, tag, status and what is counted.
    static func tags(_ query: String) -> String {
        """
        WITH counted AS (
            SELECT hour, tag, status, \(ShardSchema.countColumns) FROM trace_tag_hours WHERE \(hourSpan)
            \(pieces.map { piece in
                """
                UNION ALL SELECT \(ShardSchema.hourOfTrace), tag.value, status, \(ShardSchema.countsOfTrace)
                FROM \(ShardSchema.taggedTraces) AND \(piece)
                """
            }.joined(separator: "\n")))
        \(query)
        """
    }

    private static let hourSpan = "hour >= :first AND hour < :end"

    /// The begin of the span up to its first whole hour, the rest behind its last one, and in between what is not counted yet.
    private static let pieces = [
        "timestamp >= :since AND timestamp < min(:first, :until) AND request_traces.id <= \(ShardSchema.covered)",
        "timestamp >= :end AND timestamp < :until AND request_traces.id <= \(ShardSchema.covered)",
        // By number, of which there are few: without the signs SQLite takes the index by time and walks over the whole span.
        "request_traces.id > \(ShardSchema.covered) AND +timestamp >= :since AND +timestamp < :until",
    ]
}
