/// One benchmark run: a row of `benchmark_runs`. Coding keys are the column names.
public struct BenchmarkRow: Sendable, Hashable, Codable {
    /// The row's number in this shard; nil until it is written.
    public var id: Int64?
    /// Unique, `bench-<seconds>`.
    public var runID: String
    /// Seconds since 1970.
    public var timestamp: Double
    /// How long it ran, seconds.
    public var durationSeconds: Double?
    /// Requests in all.
    public var totalRequests: Int?
    /// Failed requests.
    public var totalFailures: Int?
    /// Prompt tokens in all.
    public var totalPromptTokens: Int?
    /// Answer tokens in all.
    public var totalCompletionTokens: Int?
    /// Requests per second.
    public var requestsPerSecond: Double?
    /// Answer tokens per second.
    public var tokensPerSecond: Double?
    /// 50th percentile of the latencies, milliseconds.
    public var latencyP50Milliseconds: Double?
    /// 95th percentile of the latencies, milliseconds.
    public var latencyP95Milliseconds: Double?
    /// 99th percentile of the latencies, milliseconds.
    public var latencyP99Milliseconds: Double?
    /// 50th percentile of the times to the first token, milliseconds.
    public var ttftP50Milliseconds: Double?
    /// 95th percentile of the times to the first token, milliseconds.
    public var ttftP95Milliseconds: Double?
    /// 99th percentile of the times to the first token, milliseconds.
    public var ttftP99Milliseconds: Double?
    /// JSON text.
    public var fleetSnapshot: String?
    /// JSON text.
    public var perModelResults: String?
    /// JSON text.
    public var perNodeResults: String?
    /// JSON text.
    public var peakUtilization: String?

    /// A row with the facts that always exist; the rest is set afterwards.
    public init(runID: String, timestamp: Double) {
        self.runID = runID
        self.timestamp = timestamp
    }

    enum CodingKeys: String, CodingKey {
        case id
        case runID = "run_id"
        case timestamp
        case durationSeconds = "duration_s"
        case totalRequests = "total_requests"
        case totalFailures = "total_failures"
        case totalPromptTokens = "total_prompt_tokens"
        case totalCompletionTokens = "total_completion_tokens"
        case requestsPerSecond = "requests_per_sec"
        case tokensPerSecond = "tokens_per_sec"
        case latencyP50Milliseconds = "latency_p50_ms"
        case latencyP95Milliseconds = "latency_p95_ms"
        case latencyP99Milliseconds = "latency_p99_ms"
        case ttftP50Milliseconds = "ttft_p50_ms"
        case ttftP95Milliseconds = "ttft_p95_ms"
        case ttftP99Milliseconds = "ttft_p99_ms"
        case fleetSnapshot = "fleet_snapshot"
        case perModelResults = "per_model_results"
        case perNodeResults = "per_node_results"
        case peakUtilization = "peak_utilization"
    }
}

extension BenchmarkRow: StoredRow {
    static let tableName = "benchmark_runs"
}
