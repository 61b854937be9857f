import Gossip

/// One node and model in `/fleet/status` and `/fleet/queue`, under ollama-herd's keys.
struct QueueStatus: Encodable {
    let node_id: String
    let model: String
    /// In the lines of all peers with this machine as the best, and waiting for its slots.
    var pending = 0
    var in_flight = 0
    var completed = 0
    var failed = 0
    /// Requests of the model that the machine runs at once.
    var concurrency = 1
    var backend = "ollama"
    var rejected = 0
    /// Of all that ended well.
    var stats_samples = 0
    var avg_latency_ms = 0.0
    var avg_prompt_tokens = 0.0
    var avg_completion_tokens = 0.0
    /// 75th percentile of what serving took; nil without a measurement.
    var p75_latency_ms: Double?

    private enum CodingKeys: String, CodingKey {
        case node_id, model, pending, in_flight, completed, failed, concurrency, request_type, p75_latency_ms, backend, rejected
        case max_queue_depth, cache_hit_rate, warm_hit_rate, cold_request_pct, cache_sample_count
        case stats_samples, avg_latency_ms, avg_prompt_tokens, avg_completion_tokens
    }

    /// With `null` for what there is nothing of: the prompt caches are the engines' own.
    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(node_id, forKey: .node_id)
        try fields.encode(model, forKey: .model)
        try fields.encode(pending, forKey: .pending)
        try fields.encode(in_flight, forKey: .in_flight)
        try fields.encode(completed, forKey: .completed)
        try fields.encode(failed, forKey: .failed)
        try fields.encode(concurrency, forKey: .concurrency)
        try fields.encode("text", forKey: .request_type)
        try fields.encode(p75_latency_ms, forKey: .p75_latency_ms)
        try fields.encode(backend, forKey: .backend)
        try fields.encode(rejected, forKey: .rejected)
        for key in [CodingKeys.max_queue_depth, .cache_hit_rate, .warm_hit_rate, .cold_request_pct, .cache_sample_count] {
            try fields.encodeNil(forKey: key)
        }
        try fields.encode(stats_samples, forKey: .stats_samples)
        try fields.encode(avg_latency_ms, forKey: .avg_latency_ms)
        try fields.encode(avg_prompt_tokens, forKey: .avg_prompt_tokens)
        try fields.encode(avg_completion_tokens, forKey: .avg_completion_tokens)
    }

    private init(node: String, model: String) {
        node_id = node
        self.model = model
    }

    /// All queues of the fleet. What runs and waits on a machine it says itself: in its share, or in its last report where it did
    /// not answer. What was sent there each peer counted for its own clients.
    static func all(view: FleetView, shares: [QueueShare]) -> [String: QueueStatus] {
        var queues: [String: QueueStatus] = [:]
        for member in view.members where member.status == .alive || member.status == .suspect {
            let told = shares.contains { $0.node == member.name }
            for loaded in member.hot?.loaded ?? [] {
                guard let model = member.models?.available.first(where: { ModelKey(name: $0.name) == loaded.key }) else {
                    continue
                }
                var entry = named(member.name, model.name, in: view)
                if !told {
                    entry.pending = Int(loaded.queued)
                    entry.in_flight = Int(loaded.inFlight)
                }
                queues["\(member.name):\(model.name)"] = entry
            }
        }
        var sums: [String: (latency: Double, prompt: Int, completion: Int)] = [:]
        for share in shares {
            for running in share.running {
                let found = named(share.node, running.model, in: view)
                queues["\(found.node_id):\(found.model)", default: found].in_flight += running.inFlight
                queues["\(found.node_id):\(found.model)", default: found].pending += running.queued
            }
            for sent in share.sent {
                let found = named(sent.node, sent.model, in: view)
                let key = "\(found.node_id):\(found.model)"
                queues[key, default: found].add(sent)
                sums[key, default: (0, 0, 0)].latency += sent.latencySum
                sums[key, default: (0, 0, 0)].prompt += sent.promptTokens
                sums[key, default: (0, 0, 0)].completion += sent.completionTokens
            }
        }
        for (key, sum) in sums {
            guard let count = queues[key]?.stats_samples, count > 0 else { continue }
            queues[key]?.avg_latency_ms = sum.latency / Double(count)
            queues[key]?.avg_prompt_tokens = Double(sum.prompt) / Double(count)
            queues[key]?.avg_completion_tokens = Double(sum.completion) / Double(count)
        }
        return queues
    }

    private mutating func add(_ sent: QueueShare.Sent) {
        pending += sent.pending
        completed += sent.completed
        failed += sent.failed
        stats_samples += sent.completed
        // Of several peers' figures the one that promises least is the safest.
        p75_latency_ms = [p75_latency_ms, sent.serviceP75].compactMap(\.self).max()
    }

    /// Nothing of a machine's model yet, under the engine's own name.
    private static func named(_ node: String, _ model: String, in view: FleetView) -> QueueStatus {
        let models = view.members.first { $0.name == node }?.models
        let key = ModelKey(name: model)
        guard let listed = models?.available.first(where: { ModelKey(name: $0.name) == key }) else {
            return QueueStatus(node: node, model: model)
        }
        var status = QueueStatus(node: node, model: listed.name)
        if let engine = models?.backends.first(where: { $0.id == listed.backend }) {
            status.concurrency = engine.slots(of: key)
            status.backend = engine.kind.rawValue
        }
        return status
    }
}
