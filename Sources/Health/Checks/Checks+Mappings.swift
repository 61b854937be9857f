extension Checks {
    /// `mapped_model_missing`, `mapped_model_cold`, `anthropic_no_chat_model`, `anthropic_unrouted_config`.
    static func mappings(_ facts: HealthFacts) -> [Finding] {
        let reachable = facts.nodes.filter { $0.status != .offline }
        let stored = Set(reachable.flatMap(\.stored).map(\.model))
        let hot = Set(reachable.flatMap(\.resident).map(\.model))
        let maps = facts.settings.mappings
        let missing = maps.filter { !stored.contains($0.model) && !hot.contains($0.model) }
        let cold = maps.filter { stored.contains($0.model) && !hot.contains($0.model) }
        var found: [Finding] = []
        if !missing.isEmpty {
            found.append(
                Finding(
                    "mapped_model_missing", .critical, title: "A mapped model is nowhere",
                    description: "FLEET_ANTHROPIC_MODEL_MAP names \(words(missing.map(\.model))), which no node has.",
                    fix: "Pull it, or name another model.", data: ["missing": pairs(missing)]))
        }
        if !cold.isEmpty {
            found.append(
                Finding(
                    "mapped_model_cold", .warning, title: "A mapped model is not in memory",
                    description: "\(words(cold.map(\.model))) answers for a vendor's name and has to be loaded first.",
                    fix: "Pin it (`POST /fleet/pin`): clients of Anthropic's API give up early.", data: ["not_hot": pairs(cold)]))
        }
        return found + [noChat(facts, reachable), unrouted(facts, hot)].compactMap(\.self)
    }

    private static func pairs(_ maps: [HealthSettings.Mapping]) -> DataValue {
        .list(maps.map { .object(["name": .text($0.name), "model": .text($0.model)]) })
    }

    /// Somebody asks in Anthropic's form, and no model can answer.
    private static func noChat(_ facts: HealthFacts, _ reachable: [NodeFacts]) -> Finding? {
        guard facts.traffic.total(.day).anthropic > 0, facts.settings.routesVendorsNames,
            !reachable.contains(where: { $0.stored.contains(where: \.chats) })
        else { return nil }
        return Finding(
            "anthropic_no_chat_model", .warning, title: "No model for Anthropic's API",
            description: "Requests came to /v1/messages, and no node in reach has a model that chats.",
            fix: "Pull one; see the recommendations.",
            data: ["auto_route": true, "loaded": .texts(Set(reachable.flatMap(\.resident).map(\.model)).sorted())])
    }

    /// Somebody asks for a vendor's models, and nothing says which of the fleet's answer.
    private static func unrouted(_ facts: HealthFacts, _ hot: Set<String>) -> Finding? {
        let day = facts.traffic.total(.day)
        guard day.anthropicFailed > 0, !facts.settings.routesVendorsNames, facts.settings.mappings.isEmpty else { return nil }
        return Finding(
            "anthropic_unrouted_config", .warning, title: "Names of Anthropic's models lead nowhere",
            description:
                "\(day.anthropicFailed) requests of 24 hours asked for models that no node has, and nothing stands in for "
                + "them.", fix: "Set FLEET_ANTHROPIC_MODEL_MAP, or FLEET_ANTHROPIC_AUTO_ROUTE=true.",
            data: ["auto_route": false, "loaded": .texts(hot.sorted())])
    }
}
