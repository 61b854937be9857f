extension Checks {
    /// Cold loads in 24 hours that are no accident.
    static let thrashing = 3
    /// Gigabytes below which nobody would change a setting.
    static let leastRecoverable = 0.5
    /// Failures after two minutes in 24 hours that are no accident.
    static let slowLoads = 3

    /// `kv_cache_bloat`, `duplicate_runners`, `model_thrashing`, `model_load_timeout`, `vram_fallback_active`.
    static func models(_ facts: HealthFacts) -> [Finding] {
        let traffic = facts.traffic
        let reachable = facts.nodes.filter { $0.status != .offline }
        return reachable.flatMap { node in
            [bloat(node, facts.settings), duplicates(node), thrash(node, traffic)].compactMap(\.self)
        } + traffic.models.compactMap { timeout($0, traffic) } + [fallbacks(traffic)].compactMap(\.self)
    }

    private static func bloat(_ node: NodeFacts, _ settings: HealthSettings) -> Finding? {
        let known = node.resident.filter { ($0.weightsGigabytes ?? 0) > 0 }
        let bloated = known.filter { $0.gigabytes > ($0.weightsGigabytes ?? 0) * 1.5 }
        guard !bloated.isEmpty else { return nil }
        let total = known.reduce(0) { $0 + $1.gigabytes }
        let weights = known.reduce(0) { $0 + min($1.gigabytes, $1.weightsGigabytes ?? 0) }
        let share = (total - weights) * 100 / total
        let asConfigured = bloated.allSatisfy {
            settings.contextOverrides[$0.model] != nil && settings.contextOverrides[$0.model] == $0.context
        }
        let severity: Severity = asConfigured ? .info : share > 50 ? .critical : share > 30 ? .warning : .info
        let recoverable = bloated.reduce(0) { $0 + $1.gigabytes - ($1.weightsGigabytes ?? 0) }
        guard recoverable >= leastRecoverable else { return nil }
        return Finding(
            "kv_cache_bloat", severity, title: "Contexts take much memory",
            description: "On \(node.name) \(text(share)) % of the models' memory is not weights"
                + (asConfigured ? ", as FLEET_NUM_CTX_OVERRIDES wants it." : "."),
            fix: "Give \(words(bloated.map(\.model))) a smaller num_ctx (FLEET_NUM_CTX_OVERRIDES), or fewer parallel slots.",
            node: node.name,
            data: [
                "total_vram_gb": .tenth(total), "estimated_weights_gb": .tenth(weights), "kv_cache_gb": .tenth(total - weights),
                "kv_cache_pct": .tenth(share), "recoverable_gb_max": .tenth(recoverable),
                "bloated_models": .list(
                    bloated.map { model in
                        .object([
                            "model": .text(model.model), "resident_gb": .tenth(model.gigabytes),
                            "weights_gb": .optional(model.weightsGigabytes),
                            "context_length": model.context.map { .whole($0) } ?? .null,
                        ])
                    }),
            ])
    }

    private static func duplicates(_ node: NodeFacts) -> Finding? {
        let names = Set(node.resident.map(\.model)).sorted()
        let double = names.compactMap { name -> (name: String, digests: Int, gigabytes: Double)? in
            let copies = node.resident.filter { $0.model == name && !$0.digest.isEmpty }
            let digests = Set(copies.map(\.digest)).count
            let largest = copies.map(\.gigabytes).max() ?? 0
            return digests < 2 ? nil : (name, digests, copies.reduce(0) { $0 + $1.gigabytes } - largest)
        }
        guard !double.isEmpty else { return nil }
        let reclaimable = double.reduce(0) { $0 + $1.gigabytes }
        return Finding(
            "duplicate_runners", reclaimable >= 32 ? .warning : .info, title: "A model is in memory twice",
            description: "\(node.name) has \(words(double.map(\.name))) in memory with different weights.",
            fix: "Unload the older one (`ollama stop`), or restart the engine.", node: node.name,
            data: [
                "duplicates": .list(
                    double.map { .object(["model": .text($0.name), "digests": .whole($0.digests), "gb": .tenth($0.gigabytes)]) }),
                "reclaimable_gb": .tenth(reclaimable),
            ])
    }

    private static func thrash(_ node: NodeFacts, _ traffic: TrafficDigest) -> Finding? {
        let day = traffic.total(.day) { $0.node == node.name }.coldLoads
        guard day >= thrashing, node.availableGigabytes > 4 else { return nil }
        let hour = traffic.total(.hour) { $0.node == node.name }.coldLoads
        var data: [String: DataValue] = [
            "cold_loads_24h": .whole(day), "cold_loads_1h": .whole(hour), "available_gb": .tenth(node.availableGigabytes),
        ]
        if hour == 0 { data["resolved"] = true }
        return Finding(
            "model_thrashing", hour > 0 ? .warning : .info,
            title: hour > 0 ? "Models are loaded again and again" : "Models were loaded again and again",
            description: "\(day) first tokens on \(node.name) took more than 40 s in 24 hours, \(hour) in the last one, with "
                + "\(text(node.availableGigabytes)) GB free.",
            fix: "Pin the models that are used (`POST /fleet/pin`), and raise OLLAMA_MAX_LOADED_MODELS there.", node: node.name,
            data: data)
    }

    private static func timeout(_ model: String, _ traffic: TrafficDigest) -> Finding? {
        let day = traffic.total(.day) { $0.model == model }.loadTimeouts
        guard day >= slowLoads else { return nil }
        let hour = traffic.total(.hour) { $0.model == model }.loadTimeouts
        let nodes = traffic.pairs.filter { $0.model == model && $0.day.loadTimeouts > 0 && !$0.node.isEmpty }.map(\.node)
        return Finding(
            "model_load_timeout", hour > 0 ? .warning : .info, title: "A model does not load in time",
            description: "\(model) failed \(day) times after more than two minutes in 24 hours.",
            fix:
                "It may be too large for \(nodes.isEmpty ? "the machines" : words(nodes)): delete it there, or take a smaller one.",
            data: [
                "model": .text(model), "timeouts_24h": .whole(day), "timeouts_1h": .whole(hour), "nodes": .texts(nodes),
            ])
    }

    private static func fallbacks(_ traffic: TrafficDigest) -> Finding? {
        let total = traffic.total(.day).substituted
        guard total > 0 else { return nil }
        let top = traffic.substituted.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
        return Finding(
            "vram_fallback_active", .info, title: "Other models answered",
            description: "\(total) requests of 24 hours were answered by another model than the one asked for.",
            fix: "Load or pin the models that are asked for, or see `vram_fallback` in the settings.",
            data: [
                "total_fallbacks": .whole(total),
                "top_requested": .list(
                    top.map { .object(["model": .text($0.key), "count": .whole($0.value)]) }),
            ])
    }
}
