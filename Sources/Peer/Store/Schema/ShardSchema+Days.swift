/// What a shard keeps for others: daily totals of other peers' shards, and views for queries that people bring along.
extension ShardSchema {
    static let ownerDays = [
        "CREATE TABLE owners (owner TEXT PRIMARY KEY NOT NULL, node TEXT NOT NULL, as_of REAL NOT NULL) WITHOUT ROWID",
        """
        CREATE TABLE owner_days (
            owner TEXT NOT NULL, day INTEGER NOT NULL, version INTEGER NOT NULL, rows TEXT NOT NULL,
            PRIMARY KEY (owner, day)) WITHOUT ROWID
        """,
    ]

    private static let withTokens = "node_id <> '' AND (prompt_tokens > 0 OR completion_tokens > 0)"

    /// NOMYO Router's tables by their columns. An endpoint is a node; minutes and days are made when they are asked for.
    static let nomyoViews: [(name: String, query: String)] = [
        (
            "token_counts",
            """
            SELECT node_id AS endpoint, model, sum(prompt_tokens) AS input_tokens, sum(completion_tokens) AS output_tokens,
                sum(prompt_tokens) + sum(completion_tokens) AS total_tokens
            FROM trace_hours WHERE status <> 'retried' AND \(withTokens) GROUP BY node_id, model
            """
        ),
        (
            "token_time_series",
            """
            SELECT id, node_id AS endpoint, model, coalesce(prompt_tokens, 0) AS input_tokens,
                coalesce(completion_tokens, 0) AS output_tokens,
                coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0) AS total_tokens,
                CAST(timestamp / 60 AS INTEGER) * 60 AS timestamp
            FROM request_traces WHERE \(withTokens)
            """
        ),
        ("time_series", "SELECT * FROM token_time_series"),
        (
            "token_time_series_daily",
            """
            SELECT min(hour) AS id, node_id AS endpoint, model, date(hour, 'unixepoch') AS date,
                sum(prompt_tokens) AS input_tokens, sum(completion_tokens) AS output_tokens,
                sum(prompt_tokens) + sum(completion_tokens) AS total_tokens
            FROM trace_hours WHERE status <> 'retried' AND \(withTokens) GROUP BY node_id, model, date(hour, 'unixepoch')
            """
        ),
    ]
}
