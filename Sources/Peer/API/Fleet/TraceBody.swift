/// The answer of `GET /dashboard/api/traces`.
public struct TraceBody: Encodable {
    /// One attempt, under ollama-herd's keys and those that this program adds.
    public struct Trace: Codable, Sendable {
        public var request_id: String
        public var attempt: Int
        public var model: String
        public var original_model: String
        public var node_id: String
        public var score: Double?
        public var scores_breakdown: JSONText?
        public var status: String
        public var latency_ms: Double?
        public var time_to_first_token_ms: Double?
        public var prompt_tokens: Int?
        public var completion_tokens: Int?
        public var retry_count: Int
        public var fallback_used: Bool
        public var excluded_nodes: JSONText?
        public var client_ip: String?
        public var original_format: String?
        public var error_message: String?
        public var timestamp: Double
        public var tags: JSONText?
        public var finish_reason: String?
        public var estimated_tokens: Int?
        public var backend: String?
        public var role: String?
        public var ticket_wait_ms: Double?
        public var router_id: String?
        public var router_epoch: Int?
        public var candidates: JSONText?
        public var tries: JSONText?

        /// A trace of which only the parts that are never null are known.
        public init(
            request_id: String, attempt: Int, model: String, original_model: String, node_id: String, status: String,
            timestamp: Double
        ) {
            self.request_id = request_id
            self.attempt = attempt
            self.model = model
            self.original_model = original_model
            self.node_id = node_id
            self.status = status
            self.timestamp = timestamp
            retry_count = 0
            fallback_used = false
        }
    }

    let traces: [Trace]
}
