extension Checks {
    /// Seconds between two signs of life, for `missed_heartbeats`.
    static let heartbeat = 1.0

    /// `node_offline`, `node_degraded`, `backend_unreachable`, `udp_blocked`.
    static func nodes(_ facts: HealthFacts) -> [Finding] {
        facts.nodes.flatMap { node in
            [standing(node), engines(node), blocked(node)].compactMap(\.self)
        }
    }

    private static func standing(_ node: NodeFacts) -> Finding? {
        let silence = node.silenceSeconds
        let ago = silence.map { "It was last heard \(text($0)) s ago" } ?? "It was not heard since this peer started"
        switch node.status {
        case .online:
            return nil
        case .offline:
            return Finding(
                "node_offline", node.isAsleep ? .info : .critical, title: node.isAsleep ? "Node asleep" : "Node offline",
                description: node.isAsleep
                    ? "\(node.name) announced that its machine sleeps. \(ago)."
                    : "\(node.name) does not answer. \(ago). Its requests go to other nodes.",
                fix: node.isAsleep
                    ? "Nothing: it is used again when it wakes."
                    : "Look whether the machine is on and herd-peer runs on it. It is dialled again by itself for seven days.",
                node: node.name,
                data: ["last_heartbeat_ago_s": .optional(silence), "asleep": .truth(node.isAsleep)])
        case .degraded:
            return Finding(
                "node_degraded", .warning, title: "Node degraded",
                description: "\(node.name) missed probes. \(ago). It gets new work only where no other node fits.",
                fix: "Look at its network and its load.", node: node.name,
                data: ["missed_heartbeats": .whole(Int(min(1e9, max(2, (silence ?? 0) / heartbeat))))])
        }
    }

    /// A sentence as a part of another one.
    private static func clause(_ sentence: String) -> String { sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence }

    private static func engines(_ node: NodeFacts) -> Finding? {
        let silent = node.engines.filter { !$0.isReachable }
        guard node.status != .offline, !silent.isEmpty else { return nil }
        let serves = node.engines.contains(where: \.isReachable)
        let problems = silent.map { "\($0.id): \(clause($0.problem ?? "no answer"))" }
        return Finding(
            "backend_unreachable", .warning, title: "Engine does not answer",
            description: "\(node.name) cannot reach \(words(silent.map(\.id))) (\(problems.joined(separator: "; "))). "
                + (serves ? "Its other engines serve." : "It passes requests on to other nodes only."),
            fix: "Start the engine on \(node.name), or take it out of that peer's configuration.", node: node.name,
            data: ["backends": .texts(silent.map(\.id)), "problems": .texts(problems)])
    }

    private static func blocked(_ node: NodeFacts) -> Finding? {
        guard node.isUDPBlocked, node.status != .offline else { return nil }
        return Finding(
            "udp_blocked", .info, title: "UDP is blocked",
            description: "\(node.name) answers over TCP and not over UDP. What concerns it travels inside peer links.",
            fix: "Let UDP through on the mesh port: its loss is then noticed sooner.", node: node.name)
    }
}
