extension Checks {
    /// Failures in 24 hours that are no accident.
    static let pinFailures = 3
    /// Requests in 24 hours that make a model one to have in memory.
    public static let priority = 10

    /// `priority_model_not_loaded`, `pin_cannot_fit`.
    static func pins(_ facts: HealthFacts) -> [Finding] {
        facts.digests.flatMap { digest in digest.pinFailures.compactMap { misfit($0, digest.node) } }
            + [absent(facts)].compactMap(\.self)
    }

    private static func misfit(_ failure: PeerDigest.PinFailure, _ node: String) -> Finding? {
        guard failure.failures >= pinFailures else { return nil }
        return Finding(
            "pin_cannot_fit", .warning, title: "A pinned model does not fit",
            description: "\(failure.model) is pinned on \(node) and needs \(text(failure.neededGigabytes)) GB; there were "
                + "\(text(failure.availableGigabytes)) GB.",
            fix: "Unpin it or another one there (`DELETE /fleet/pin/{model}`), or unload what is not pinned.", node: node,
            data: [
                "model": .text(failure.model), "failures_24h": .whole(failure.failures),
                "needed_gb": .tenth(failure.neededGigabytes), "available_gb": .tenth(failure.availableGigabytes),
            ])
    }

    /// Pinned models count where they are pinned; models with many requests where nobody has them in memory.
    private static func absent(_ facts: HealthFacts) -> Finding? {
        let reachable = facts.nodes.filter { $0.status != .offline }
        var missing: [(model: String, node: String?)] = []
        for node in reachable {
            for model in facts.settings.pins[node.name] ?? []
            where node.stored.contains(where: { $0.model == model }) && !node.resident.contains(where: { $0.model == model }) {
                missing.append((model, node.name))
            }
        }
        let traffic = facts.traffic
        for model in traffic.models where !missing.contains(where: { $0.model == model }) {
            let day = traffic.total(.day) { $0.model == model }.requests
            let hour = traffic.total(.hour) { $0.model == model }.requests
            guard day >= priority, hour > 0, reachable.contains(where: { $0.stored.contains { $0.model == model } }),
                !reachable.contains(where: { $0.resident.contains { $0.model == model } })
            else { continue }
            missing.append((model, nil))
        }
        guard !missing.isEmpty else { return nil }
        return Finding(
            "priority_model_not_loaded", .warning, title: "A model that is needed is not in memory",
            description: "\(words(missing.map(\.model))) \(missing.count == 1 ? "is" : "are") on disk, wanted, and not loaded.",
            fix: "A pinned model is loaded again by itself when its memory is free; pin others that should stay.",
            data: [
                "missing_models": .list(
                    missing.map { .object(["model": .text($0.model), "node_id": $0.node.map { .text($0) } ?? .null]) })
            ])
    }
}
