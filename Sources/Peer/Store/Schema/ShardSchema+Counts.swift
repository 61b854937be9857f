/// The counts per hour, from which trends, usage and apps are answered without reading a million traces.
extension ShardSchema {
    static let hourCounts = """
        CREATE TABLE trace_hours (
            hour INTEGER NOT NULL, node_id TEXT NOT NULL, model TEXT NOT NULL, status TEXT NOT NULL,
            requests INTEGER NOT NULL, timed INTEGER NOT NULL, latency_sum REAL NOT NULL, latency_min REAL, latency_max REAL,
            first_tokens INTEGER NOT NULL, first_token_sum REAL NOT NULL, prompt_tokens INTEGER NOT NULL,
            completion_tokens INTEGER NOT NULL, fallbacks INTEGER NOT NULL, first_seen REAL NOT NULL, last_seen REAL NOT NULL,
            PRIMARY KEY (hour, node_id, model, status)) WITHOUT ROWID
        """

    static let tagCounts = """
        CREATE TABLE trace_tag_hours (
            hour INTEGER NOT NULL, tag TEXT NOT NULL, status TEXT NOT NULL,
            requests INTEGER NOT NULL, timed INTEGER NOT NULL, latency_sum REAL NOT NULL, latency_min REAL, latency_max REAL,
            first_tokens INTEGER NOT NULL, first_token_sum REAL NOT NULL, prompt_tokens INTEGER NOT NULL,
            completion_tokens INTEGER NOT NULL, fallbacks INTEGER NOT NULL, first_seen REAL NOT NULL, last_seen REAL NOT NULL,
            PRIMARY KEY (hour, tag, status)) WITHOUT ROWID
        """

    /// Traces up to this number are in the counts. Later ones, of other programs or of an older version, are read one by one until
    /// the writer has counted them.
    static let countedTraces = "CREATE TABLE trace_hours_covered (trace_id INTEGER NOT NULL)"

    /// The highest number that is counted.
    static let covered = "(SELECT trace_id FROM trace_hours_covered)"

    /// What is counted, in the order of ``HourCounts/arguments``.
    static let countColumns = """
        requests, timed, latency_sum, latency_min, latency_max, first_tokens, first_token_sum, prompt_tokens, completion_tokens,
        fallbacks, first_seen, last_seen
        """

    /// One trace as counts of one.
    static let countsOfTrace = """
        1 AS requests, latency_ms IS NOT NULL AS timed, coalesce(latency_ms, 0.0) AS latency_sum, latency_ms AS latency_min,
        latency_ms AS latency_max, time_to_first_token_ms IS NOT NULL AS first_tokens,
        coalesce(time_to_first_token_ms, 0.0) AS first_token_sum, coalesce(prompt_tokens, 0) AS prompt_tokens,
        coalesce(completion_tokens, 0) AS completion_tokens, coalesce(fallback_used, 0) AS fallbacks, timestamp AS first_seen,
        timestamp AS last_seen
        """

    /// The hour that a trace belongs to, by its begin.
    static let hourOfTrace = "CAST(timestamp / 3600 AS INTEGER) * 3600 AS hour"

    /// Traces by their tags. Tags written by other programs may be damaged: json_each would fail the whole query.
    static let taggedTraces = """
        request_traces, json_each(CASE WHEN json_valid(tags) THEN tags ELSE '[]' END) AS tag
        WHERE tags IS NOT NULL AND status <> 'retried' AND tag.type = 'text'
        """

    static let sums = """
        sum(requests), sum(timed), sum(latency_sum), min(latency_min), max(latency_max), sum(first_tokens), sum(first_token_sum),
        sum(prompt_tokens), sum(completion_tokens), sum(fallbacks), min(first_seen), max(last_seen)
        """

    static func adding(_ key: String) -> String {
        """
        ON CONFLICT (\(key)) DO UPDATE SET
            requests = requests + excluded.requests, timed = timed + excluded.timed,
            latency_sum = latency_sum + excluded.latency_sum,
            latency_min = min(coalesce(latency_min, excluded.latency_min), coalesce(excluded.latency_min, latency_min)),
            latency_max = max(coalesce(latency_max, excluded.latency_max), coalesce(excluded.latency_max, latency_max)),
            first_tokens = first_tokens + excluded.first_tokens, first_token_sum = first_token_sum + excluded.first_token_sum,
            prompt_tokens = prompt_tokens + excluded.prompt_tokens,
            completion_tokens = completion_tokens + excluded.completion_tokens, fallbacks = fallbacks + excluded.fallbacks,
            first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
        """
    }

    /// Adds counts of one hour, node, model and status.
    static let addHour = """
        INSERT INTO trace_hours (hour, node_id, model, status, \(countColumns))
        VALUES (?, ?, ?, ?, \(Array(repeating: "?", count: 12).joined(separator: ", "))) \(adding("hour, node_id, model, status"))
        """

    /// Adds counts of one hour, tag and status.
    static let addTag = """
        INSERT INTO trace_tag_hours (hour, tag, status, \(countColumns))
        VALUES (?, ?, ?, \(Array(repeating: "?", count: 12).joined(separator: ", "))) \(adding("hour, tag, status"))
        """

    /// Counts traces that are in the file: behind the first number, up to the second.
    static let countHours = """
        INSERT INTO trace_hours (hour, node_id, model, status, \(countColumns))
        SELECT hour, node_id, model, status, \(sums) FROM (
            SELECT \(hourOfTrace), node_id, model, status, \(countsOfTrace) FROM request_traces WHERE id > ? AND id <= ?)
        WHERE true GROUP BY 1, 2, 3, 4 \(adding("hour, node_id, model, status"))
        """

    /// The same by tag.
    static let countTags = """
        INSERT INTO trace_tag_hours (hour, tag, status, \(countColumns))
        SELECT hour, tag, status, \(sums) FROM (
            SELECT \(hourOfTrace), tag.value AS tag, status, \(countsOfTrace) FROM \(taggedTraces)
                AND request_traces.id > ? AND request_traces.id <= ?)
        WHERE true GROUP BY 1, 2, 3 \(adding("hour, tag, status"))
        """
}
