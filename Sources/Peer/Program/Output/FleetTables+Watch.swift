extension FleetTables {
    /// A row for each model that is in memory somewhere, or that requests run or wait for.
    var models: Table {
        var table = Table(["MODEL", "NODE", "LOADED", "RUNNING", "WAITING", "AT ONCE"])
        struct Place: Hashable {
            let node: String
            let model: String
        }
        let queues = (reply.queues ?? [:]).values.map { (Place(node: $0.node_id, model: Self.short($0.model)), $0) }
        let byPlace = Dictionary(queues, uniquingKeysWith: { first, _ in first })
        var loaded: [Place: Double] = [:]
        for node in reply.nodes {
            for model in node.ollama.models_loaded ?? [] {
                loaded[Place(node: node.node_id, model: Self.short(model.name)), default: 0] += model.size_gb
            }
        }
        let busy = byPlace.filter { $0.value.in_flight + $0.value.pending > 0 }.map(\.key)
        let places = Set(busy).union(loaded.keys).sorted { ($0.model, $0.node) < ($1.model, $1.node) }
        for place in places {
            let queue = byPlace[place]
            table.add([
                place.model, place.node, loaded[place].map { Terminal.size(bytes: $0 * 1e9) } ?? "no",
                queue.map { "\($0.in_flight)" } ?? "0", queue.map { "\($0.pending)" } ?? "0",
                queue.map { "\($0.concurrency)" } ?? "-",
            ])
        }
        return table
    }

    /// What runs and waits in the whole fleet.
    var queueLine: String {
        let all = (reply.queues ?? [:]).values
        let running = all.reduce(0) { $0 + $1.in_flight }
        let waiting = all.reduce(0) { $0 + $1.pending }
        return "Requests: \(running) running, \(waiting) waiting"
    }

    /// What `status --watch` shows: machines, models, health.
    /// - Parameters:
    ///   - health: nil where there is no answer.
    ///   - trouble: why there is none.
    func snapshot(health: HealthReply?, trouble: String?) -> String {
        var lines = [screen.cut(headline), screen.cut(queueLine), "", nodes.fitted(screen)]
        if !models.isEmpty { lines += ["", models.fitted(screen)] }
        lines.append("")
        if let health {
            let text = HealthText(reply: health, screen: screen)
            lines.append(screen.cut(text.headline))
            lines += text.short(6)
            lines += health.shards.notes.map(screen.cut)
        } else {
            lines.append(screen.cut("Health: \(trouble ?? "no answer")"))
        }
        return (lines + notes.map(screen.cut)).joined(separator: "\n")
    }

    private static func short(_ model: String) -> String {
        model.hasSuffix(":latest") ? String(model.dropLast(7)) : model
    }
}
