extension Checks {
    /// With less memory free a wasted context hurts, GB.
    static let scarce = 40.0

    /// `context_protection_insufficient`, `context_protection_active`, `context_waste`, `num_ctx_override_inert`,
    /// `num_ctx_unmanaged`.
    static func contexts(_ facts: HealthFacts) -> [Finding] {
        let traffic = facts.traffic
        return [protection(traffic), waste(facts, traffic), inert(facts), unmanaged(facts, traffic)].compactMap(\.self)
    }

    private static func protection(_ traffic: TrafficDigest) -> Finding? {
        let day = traffic.total(.day)
        let warnings = day.contextReloads + day.contextOverflows
        if warnings > 0 {
            let models = traffic.byModel(.day) { $0.contextReloads + $0.contextOverflows }
            return Finding(
                "context_protection_insufficient", .warning, title: "Contexts were too small",
                description: "\(day.contextReloads) requests of 24 hours made an engine load a model anew for more context, and "
                    + "\(day.contextOverflows) prompts were longer than the context.",
                fix: "Give \(words(models.map(\.name))) a larger num_ctx (FLEET_NUM_CTX_OVERRIDES).",
                data: ["warning_count": .whole(warnings), "affected_models": .counts(models)])
        }
        guard day.contextsKept > 0 else { return nil }
        return Finding(
            "context_protection_active", .info, title: "Contexts are kept",
            description:
                "\(day.contextsKept) requests of 24 hours got the context that is in memory: the model was not loaded anew.",
            fix: "Nothing.",
            data: ["pinned": .whole(day.contextsKept), "upgraded": 0, "warnings": 0, "total": .whole(day.contextsKept)])
    }

    private static func waste(_ facts: HealthFacts, _ traffic: TrafficDigest) -> Finding? {
        var wasteful: [DataValue] = []
        var names: [String] = []
        var isWarning = false
        for model in traffic.models {
            let day = traffic.total(.day) { $0.model == model }
            let contexts = facts.nodes.filter { $0.status != .offline }.flatMap(\.resident).filter { $0.model == model }
            guard day.tokens.count >= 10, let used = day.tokens.percentile(0.99), used > 0,
                let allocated = contexts.compactMap(\.context).max(), Double(allocated) / used > 4
            else { continue }
            let ratio = Double(allocated) / used
            if ratio > 8, facts.settings.contextOverrides[model] == nil { isWarning = true }
            names.append(model)
            wasteful.append(
                .object([
                    "model": .text(model), "allocated_ctx": .whole(allocated), "p99_total_tokens": .whole(Int(used)),
                    "ratio": .tenth(ratio), "request_count": .whole(day.tokens.count),
                ]))
        }
        guard !wasteful.isEmpty else { return nil }
        return Finding(
            "context_waste", isWarning ? .warning : .info, title: "Contexts are larger than requests need",
            description: "\(words(names)) \(names.count == 1 ? "has" : "have") more than four times the context that 99 % of the "
                + "requests need.", fix: "Lower num_ctx for them (FLEET_NUM_CTX_OVERRIDES): the memory can hold other models.",
            data: ["wasteful_models": .list(wasteful)])
    }

    private static func inert(_ facts: HealthFacts) -> Finding? {
        var list: [DataValue] = []
        var isWarning = false
        for node in facts.nodes where node.status != .offline {
            for model in node.resident {
                guard let wanted = facts.settings.contextOverrides[model.model], let context = model.context, context != wanted
                else { continue }
                if node.availableGigabytes < scarce, context > wanted { isWarning = true }
                list.append(
                    .object([
                        "model": .text(model.model), "node_id": .text(node.name), "override": .whole(wanted),
                        "resident_ctx": .whole(context),
                    ]))
            }
        }
        guard !list.isEmpty else { return nil }
        return Finding(
            "num_ctx_override_inert", isWarning ? .warning : .info, title: "A context override is not in force",
            description: "\(list.count) \(list.count == 1 ? "model in memory has" : "models in memory have") another context "
                + "than FLEET_NUM_CTX_OVERRIDES says.",
            fix: "It comes into force when the model is loaded the next time: unload it to have it now.",
            data: ["mismatched_models": .list(list)])
    }

    /// Only where somebody uses overrides: elsewhere it would be found on every machine.
    private static func unmanaged(_ facts: HealthFacts, _ traffic: TrafficDigest) -> Finding? {
        let overrides = facts.settings.contextOverrides
        guard !overrides.isEmpty else { return nil }
        var models: Set<String> = []
        var isWarning = false
        for node in facts.nodes where node.status != .offline {
            for model in node.resident where model.context != nil && overrides[model.model] == nil {
                guard traffic.total(.day, where: { $0.model == model.model }).requests > 0 else { continue }
                models.insert(model.model)
                if node.availableGigabytes < scarce { isWarning = true }
            }
        }
        guard !models.isEmpty else { return nil }
        return Finding(
            "num_ctx_unmanaged", isWarning ? .warning : .info, title: "Models without a context override",
            description:
                "\(words(models.sorted())) \(models.count == 1 ? "is" : "are") used, and FLEET_NUM_CTX_OVERRIDES does not "
                + "name \(models.count == 1 ? "it" : "them").", fix: "Add them, so that their memory is known beforehand.",
            data: ["unmanaged_models": .texts(models.sorted())])
    }
}
