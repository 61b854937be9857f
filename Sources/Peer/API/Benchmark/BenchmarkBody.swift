import Store

/// A run as it goes over the wire: the columns of `benchmark_runs`, with the JSON in them as JSON.
struct BenchmarkBody: Codable {
    let run_id: String
    let timestamp: Double
    var duration_s: Double?
    var total_requests: Int?
    var total_failures: Int?
    var total_prompt_tokens: Int?
    var total_completion_tokens: Int?
    var requests_per_sec: Double?
    var tokens_per_sec: Double?
    var latency_p50_ms: Double?
    var latency_p95_ms: Double?
    var latency_p99_ms: Double?
    var ttft_p50_ms: Double?
    var ttft_p95_ms: Double?
    var ttft_p99_ms: Double?
    var fleet_snapshot: JSONText?
    var per_model_results: JSONText?
    var per_node_results: JSONText?
    var peak_utilization: JSONText?

    init(_ row: BenchmarkRow) {
        run_id = row.runID
        timestamp = row.timestamp
        duration_s = row.durationSeconds
        total_requests = row.totalRequests
        total_failures = row.totalFailures
        total_prompt_tokens = row.totalPromptTokens
        total_completion_tokens = row.totalCompletionTokens
        requests_per_sec = row.requestsPerSecond
        tokens_per_sec = row.tokensPerSecond
        latency_p50_ms = row.latencyP50Milliseconds
        latency_p95_ms = row.latencyP95Milliseconds
        latency_p99_ms = row.latencyP99Milliseconds
        ttft_p50_ms = row.ttftP50Milliseconds
        ttft_p95_ms = row.ttftP95Milliseconds
        ttft_p99_ms = row.ttftP99Milliseconds
        fleet_snapshot = JSONText(row.fleetSnapshot)
        per_model_results = JSONText(row.perModelResults)
        per_node_results = JSONText(row.perNodeResults)
        peak_utilization = JSONText(row.peakUtilization)
    }

    /// It has a name that can be asked for.
    var isUsable: Bool { (1...128).contains(run_id.utf8.count) && timestamp.isFinite }

    /// The row to keep.
    var row: BenchmarkRow {
        var row = BenchmarkRow(runID: run_id, timestamp: timestamp)
        row.durationSeconds = duration_s
        row.totalRequests = total_requests
        row.totalFailures = total_failures
        row.totalPromptTokens = total_prompt_tokens
        row.totalCompletionTokens = total_completion_tokens
        row.requestsPerSecond = requests_per_sec
        row.tokensPerSecond = tokens_per_sec
        row.latencyP50Milliseconds = latency_p50_ms
        row.latencyP95Milliseconds = latency_p95_ms
        row.latencyP99Milliseconds = latency_p99_ms
        row.ttftP50Milliseconds = ttft_p50_ms
        row.ttftP95Milliseconds = ttft_p95_ms
        row.ttftP99Milliseconds = ttft_p99_ms
        row.fleetSnapshot = fleet_snapshot?.text
        row.perModelResults = per_model_results?.text
        row.perNodeResults = per_node_results?.text
        row.peakUtilization = peak_utilization?.text
        return row
    }
}
