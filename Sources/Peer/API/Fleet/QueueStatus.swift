import Gossip

/// One node and model in `/fleet/status` and `/fleet/queue`, under ollama-herd's keys.
struct QueueStatus: Encodable {
    let node_id: String
    let model: String
    var pending: Int
    var in_flight: Int
    var completed: UInt64
    var failed: UInt64
    let concurrency: Int
    let request_type = "text"
    var p75_latency_ms: Double?
    let backend: String

    private enum CodingKeys: String, CodingKey {
        case node_id, model, pending, in_flight, completed, failed, concurrency, request_type, p75_latency_ms, backend
    }

    /// All queues of the fleet: load by the nodes' own reports, completions as this peer counted them.
    static func all(view: FleetView, work: WorkFacts) -> [String: QueueStatus] {
        var queues: [String: QueueStatus] = [:]
        for member in view.members where member.status == .alive || member.status == .suspect {
            guard let models = member.models, let hot = member.hot else { continue }
            for loaded in hot.loaded {
                guard let model = models.available.first(where: { ModelKey(name: $0.name) == loaded.key }) else { continue }
                let backend = models.backends.first { $0.id == model.backend }
                queues["\(member.name):\(model.name)"] = QueueStatus(
                    node_id: member.name, model: model.name, pending: Int(loaded.queued), in_flight: Int(loaded.inFlight),
                    completed: 0,
                    failed: 0, concurrency: backend?.slotsPerModel ?? 1, backend: backend?.kind.rawValue ?? "ollama")
            }
        }
        for queue in work.queues {
            let key = "\(queue.node):\(queue.model)"
            var entry =
                queues[key]
                ?? QueueStatus(
                    node_id: queue.node, model: queue.model, pending: queue.pending, in_flight: queue.inFlight, completed: 0,
                    failed: 0,
                    concurrency: concurrency(of: queue, in: view), backend: "ollama")
            entry.completed = queue.completed
            entry.failed = queue.failed
            entry.p75_latency_ms = queue.latencyP75Milliseconds
            queues[key] = entry
        }
        return queues
    }

    private static func concurrency(of queue: WorkFacts.Queue, in view: FleetView) -> Int {
        guard let models = view.members.first(where: { $0.name == queue.node })?.models,
            let model = models.available.first(where: { $0.name == queue.model })
        else { return 1 }
        return models.backends.first { $0.id == model.backend }?.slotsPerModel ?? 1
    }
}
