/// The counts per hour once more, by coarser keys: thirty days of many models are thousands of hours, and some hundred days.
extension ShardSchema {
    /// A table that holds the counts of another one by fewer keys. Its time is called `hour` too.
    struct RollUp {
        var name: String
        /// The table per hour.
        var source: String
        /// The columns of its key.
        var key: [String]
        /// What the time of the source becomes.
        var bucket: String

        /// Makes it.
        var declaration: String {
            let columns = key.map { $0 == "hour" ? "hour INTEGER NOT NULL" : "\($0) TEXT NOT NULL" }.joined(separator: ", ")
            return """
                CREATE TABLE \(name) (\(columns), requests INTEGER NOT NULL, timed INTEGER NOT NULL, latency_sum REAL NOT NULL,
                    latency_min REAL, latency_max REAL, first_tokens INTEGER NOT NULL, first_token_sum REAL NOT NULL,
                    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, fallbacks INTEGER NOT NULL,
                    first_seen REAL NOT NULL, last_seen REAL NOT NULL, PRIMARY KEY (\(key.joined(separator: ", ")))) WITHOUT ROWID
                """
        }

        /// Adds what the source has in a span of hours: from the first value on, before the second.
        var fill: String {
            let keys = key.map { $0 == "hour" ? bucket : $0 }.joined(separator: ", ")
            let places = key.indices.map { String($0 + 1) }.joined(separator: ", ")
            return """
                INSERT INTO \(name) (\(key.joined(separator: ", ")), \(countColumns))
                SELECT \(keys), \(sums) FROM \(source) WHERE hour >= ? AND hour < ?
                GROUP BY \(places) \(adding(key.joined(separator: ", ")))
                """
        }

        /// Adds counts of one key.
        var add: String {
            """
            INSERT INTO \(name) (\(key.joined(separator: ", ")), \(countColumns))
            VALUES (\(Array(repeating: "?", count: key.count + 12).joined(separator: ", "))) \(adding(key.joined(separator: ", ")))
            """
        }
    }

    private static let dayOfHour = "CAST(hour / 86400 AS INTEGER) * 86400"

    /// By day, node, model and status.
    static let days = RollUp(
        name: "trace_days", source: "trace_hours", key: ["hour", "node_id", "model", "status"], bucket: dayOfHour)
    /// By day, tag and status.
    static let tagDays = RollUp(
        name: "trace_tag_days", source: "trace_tag_hours", key: ["hour", "tag", "status"], bucket: dayOfHour)
    /// By hour and status.
    static let hourTotals = RollUp(name: "trace_hour_totals", source: "trace_hours", key: ["hour", "status"], bucket: "hour")

    static let rollUps = [days, tagDays, hourTotals]

    /// The few traces that did not end well, which people look for among many that did.
    static let troubleIndex = """
        CREATE INDEX IF NOT EXISTS idx_request_traces_trouble ON request_traces (status, timestamp) WHERE status <> 'completed'
        """
}
