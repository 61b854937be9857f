/// The tables of `latency.db`. The first four and their columns are a public interface: names never change.
enum ShardSchema {
    /// A table by its columns and the columns of its indices.
    struct Table {
        var name: String
        /// Name and declaration, in order.
        var columns: [(name: String, declaration: String)]
        /// Each index by its columns.
        var indices: [[String]]
    }

    private static let key = (name: "id", declaration: "INTEGER PRIMARY KEY AUTOINCREMENT")

    static let latencyObservations = Table(
        name: "latency_observations",
        columns: [
            key, ("node_id", "TEXT NOT NULL"), ("model_name", "TEXT NOT NULL"), ("latency_ms", "REAL NOT NULL"),
            ("tokens_generated", "INTEGER"), ("timestamp", "REAL NOT NULL"), ("prompt_tokens", "INTEGER"),
            ("completion_tokens", "INTEGER"),
        ],
        indices: [["node_id", "model_name"], ["timestamp"], ["model_name", "timestamp"]])

    static let requestTraces = Table(
        name: "request_traces",
        columns: [
            key, ("request_id", "TEXT NOT NULL"), ("model", "TEXT NOT NULL"), ("original_model", "TEXT NOT NULL"),
            ("node_id", "TEXT NOT NULL"), ("score", "REAL"), ("scores_breakdown", "TEXT"), ("status", "TEXT NOT NULL"),
            ("latency_ms", "REAL"), ("time_to_first_token_ms", "REAL"), ("prompt_tokens", "INTEGER"),
            ("completion_tokens", "INTEGER"), ("retry_count", "INTEGER DEFAULT 0"), ("fallback_used", "INTEGER DEFAULT 0"),
            ("excluded_nodes", "TEXT"), ("client_ip", "TEXT"), ("original_format", "TEXT"), ("error_message", "TEXT"),
            ("timestamp", "REAL NOT NULL"), ("tags", "TEXT"), ("finish_reason", "TEXT"), ("estimated_tokens", "INTEGER"),
        ],
        indices: [["request_id"], ["timestamp"], ["model", "timestamp"], ["node_id", "model"], ["tags"]])

    static let benchmarkRuns = Table(
        name: "benchmark_runs",
        columns: [
            key, ("run_id", "TEXT UNIQUE NOT NULL"), ("timestamp", "REAL NOT NULL"), ("duration_s", "REAL"),
            ("total_requests", "INTEGER"), ("total_failures", "INTEGER"), ("total_prompt_tokens", "INTEGER"),
            ("total_completion_tokens", "INTEGER"), ("requests_per_sec", "REAL"), ("tokens_per_sec", "REAL"),
            ("latency_p50_ms", "REAL"), ("latency_p95_ms", "REAL"), ("latency_p99_ms", "REAL"), ("ttft_p50_ms", "REAL"),
            ("ttft_p95_ms", "REAL"), ("ttft_p99_ms", "REAL"), ("fleet_snapshot", "TEXT"), ("per_model_results", "TEXT"),
            ("per_node_results", "TEXT"), ("peak_utilization", "TEXT"),
        ],
        indices: [["timestamp"]])

    static let fleetBriefings = Table(
        name: "fleet_briefings",
        columns: [
            key, ("timestamp", "REAL NOT NULL"), ("briefing", "TEXT NOT NULL"), ("model", "TEXT"), ("fleet_data", "TEXT"),
        ],
        indices: [["timestamp"]])

    /// What a trace of this program needs beyond ollama-herd's, after its columns and nullable.
    static let traceAdditions: [(name: String, declaration: String)] = [
        ("attempt", "INTEGER"), ("backend", "TEXT"), ("hop", "INTEGER"), ("ticket_wait_ms", "REAL"), ("router_id", "TEXT"),
        ("router_epoch", "INTEGER"), ("router_mode", "TEXT"), ("candidates", "TEXT"), ("tries", "TEXT"), ("clock_ms", "REAL"),
    ]

    /// What was sent to an engine in place of what the client sent.
    static let rewriteAdditions: [(name: String, declaration: String)] = [("rewrites", "TEXT")]

    /// Why machines were out before the ranking.
    static let eliminationAdditions: [(name: String, declaration: String)] = [("eliminated", "TEXT")]

    static let executions = Table(
        name: "executions",
        columns: [
            key, ("request_id", "TEXT NOT NULL"), ("attempt", "INTEGER NOT NULL"), ("entry_node_id", "TEXT NOT NULL"),
            ("model", "TEXT NOT NULL"), ("backend", "TEXT"), ("verdict", "TEXT NOT NULL"), ("reason", "TEXT"),
            ("in_flight", "INTEGER"), ("queue_depth", "INTEGER"), ("slots", "INTEGER"), ("load_ms", "REAL"),
            ("backend_ms", "REAL"),
            ("status", "TEXT"), ("prompt_tokens", "INTEGER"), ("completion_tokens", "INTEGER"), ("router_epoch", "INTEGER"),
            ("clock_ms", "REAL"), ("timestamp", "REAL NOT NULL"),
        ],
        indices: [["request_id", "attempt"], ["timestamp"]])
}
