extension Checks {
    /// A process of this size is suspicious, GB; twice as large it is a fault.
    static let processGigabytes = 8.0

    /// `memory_pressure`, `swap_usage`, `underutilized_memory`, `herd_process_memory`.
    static func memory(_ facts: HealthFacts) -> [Finding] {
        facts.nodes.flatMap { node -> [Finding] in
            guard node.status != .offline else { return [] }
            let digest = facts.digests.first { $0.node == node.name }
            return [
                pressure(node), digest.flatMap { swap(node, $0) }, spare(node, facts), digest.flatMap { process($0) },
            ].compactMap(\.self)
        }
    }

    private static func pressure(_ node: NodeFacts) -> Finding? {
        guard node.pressure != .normal else { return nil }
        let used = max(0, node.totalGigabytes - node.availableGigabytes)
        return Finding(
            "memory_pressure", node.pressure == .critical ? .critical : .warning, title: "Memory is short",
            description: "\(node.name) uses \(text(used)) of \(text(node.totalGigabytes)) GB.",
            fix: "Unload models there, or give its requests to other nodes (`herd-peer drain`).", node: node.name,
            data: [
                "used_gb": .tenth(used), "total_gb": .tenth(node.totalGigabytes), "pressure": .text(node.pressure.rawValue),
            ])
    }

    private static func swap(_ node: NodeFacts, _ digest: PeerDigest) -> Finding? {
        guard node.totalGigabytes > 0, digest.swapUsedGigabytes >= node.totalGigabytes * 0.5 else { return nil }
        return Finding(
            "swap_usage", .warning, title: "Much memory is swapped out",
            description: "\(node.name) has \(text(digest.swapUsedGigabytes)) GB in swap, with "
                + "\(text(node.totalGigabytes)) GB of memory.",
            fix: "Unload models: one that is swapped out answers at the disk's pace.", node: node.name,
            data: [
                "swap_used_gb": .tenth(digest.swapUsedGigabytes), "swap_total_gb": .tenth(digest.swapTotalGigabytes),
                "compressed_gb": 0, "total_gb": .tenth(node.totalGigabytes),
            ])
    }

    private static func spare(_ node: NodeFacts, _ facts: HealthFacts) -> Finding? {
        guard node.status == .online, node.engines.contains(where: \.isReachable), node.totalGigabytes > 0,
            node.resident.count <= 2
        else { return nil }
        let share = node.availableGigabytes * 100 / node.totalGigabytes
        let day = facts.traffic.total(.day) { $0.node == node.name }
        guard share > 50, day.coldLoads < thrashing, day.loadTimeouts < slowLoads else { return nil }
        return Finding(
            "underutilized_memory", .info, title: "Memory is free",
            description: "\(node.name) has \(text(node.availableGigabytes)) GB (\(text(share)) %) free and "
                + "\(node.resident.count) \(node.resident.count == 1 ? "model" : "models") in memory.",
            fix: "It could hold more models: see the recommendations.", node: node.name,
            data: [
                "available_gb": .tenth(node.availableGigabytes), "available_pct": .tenth(share),
                "models_loaded": .whole(node.resident.count),
            ])
    }

    private static func process(_ digest: PeerDigest) -> Finding? {
        guard digest.processGigabytes >= processGigabytes else { return nil }
        return Finding(
            "herd_process_memory", digest.processGigabytes >= 2 * processGigabytes ? .critical : .warning,
            title: "The peer's own memory is large",
            description: "herd-peer on \(digest.node) takes \(text(digest.processGigabytes)) GB.",
            fix: "Restart it, and report what it served meanwhile: this is a fault of the program.", node: digest.node,
            data: ["processes": .list([.object(["node_id": .text(digest.node), "memory_gb": .tenth(digest.processGigabytes)])])])
    }
}
