import Insight

/// The answer of `GET /dashboard/api/traces`.
public struct TraceBody: Encodable {
    /// One attempt, under ollama-herd's keys and those that this program adds.
    public struct Trace: Codable, Sendable {
        /// The request.
        public var request_id: String
        /// The attempt, from 1.
        public var attempt: Int
        /// The model.
        public var model: String
        /// The model that the client asked for.
        public var original_model: String
        /// The node; empty when none was found.
        public var node_id: String
        /// The winner's sum of signals.
        public var score: Double?
        /// The winner's signals.
        public var scores_breakdown: JSONText?
        /// How it ended.
        public var status: String
        /// From arrival to end, milliseconds.
        public var latency_ms: Double?
        /// From arrival to the first body byte, milliseconds.
        public var time_to_first_token_ms: Double?
        /// Prompt tokens by the engine's count.
        public var prompt_tokens: Int?
        /// Answer tokens by the engine's count.
        public var completion_tokens: Int?
        /// Attempts before this one.
        public var retry_count: Int
        /// Another model than the one asked for served.
        public var fallback_used: Bool
        /// Nodes that had failed this request.
        public var excluded_nodes: JSONText?
        /// The client's address.
        public var client_ip: String?
        /// The client's API family.
        public var original_format: String?
        /// What went wrong, in words.
        public var error_message: String?
        /// When it came, seconds since 1970.
        public var timestamp: Double
        /// The request's tags.
        public var tags: JSONText?
        /// The engine's reason to stop.
        public var finish_reason: String?
        /// Prompt tokens as estimated before it ran.
        public var estimated_tokens: Int?
        /// The engine that served.
        public var backend: String?
        /// `entry` where the client asked, `target` where another peer did.
        public var role: String?
        /// How long it waited because all machines were busy, milliseconds.
        public var ticket_wait_ms: Double?
        /// The router that the peer obeyed.
        public var router_id: String?
        /// That router's epoch.
        public var router_epoch: Int?
        /// All machines that could serve, with all signals.
        public var candidates: JSONText?
        /// Machines that were tried, in order.
        public var tries: JSONText?
        /// What the engine got in place of what the client sent: `num_ctx=2048>4096`, commas between.
        public var rewrites: String?
        /// Machines that could not serve, by id and reason; some when there were many.
        public var eliminated: JSONText?
        /// The node in whose shard it lies.
        public var shard: String?

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
    /// Where the next page begins, for `?cursor=`; nil when there are no older ones.
    let next: String?

    /// A page out of shards.
    /// - Parameter names: The nodes' names by the ids of their peers.
    init(_ list: TraceList, names: [String: String]) {
        traces = list.entries.map { entry in
            var trace = Trace(entry.row)
            trace.shard = names[entry.shard] ?? entry.shard
            return trace
        }
        next = list.next?.text
    }
}
