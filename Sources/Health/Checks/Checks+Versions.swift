extension Checks {
    /// `version_mismatch`, `version_unknown`, `version_skew`.
    static func versions(_ facts: HealthFacts) -> [Finding] {
        var found: [Finding] = []
        let reachable = facts.nodes.filter { $0.status != .offline }
        let expected = reachable.first { $0.name == facts.mesh.router }.map(\.version).flatMap { $0.isEmpty ? nil : $0 }
        let version = expected ?? facts.version
        let others = reachable.filter { !$0.version.isEmpty && $0.version != version }
        if !others.isEmpty {
            found.append(
                Finding(
                    "version_mismatch", .warning, title: "Nodes run different versions",
                    description: "\(words(others.map { "\($0.name) (\($0.version))" })) and the router (\(version)) differ.",
                    fix: "Update the older ones. The fleet works meanwhile.",
                    data: [
                        "router_version": .text(version),
                        "mismatched_nodes": .list(
                            others.map { .object(["node_id": .text($0.name), "version": .text($0.version)]) }),
                    ]))
        }
        let unknown = reachable.filter(\.version.isEmpty)
        if !unknown.isEmpty {
            found.append(
                Finding(
                    "version_unknown", .info, title: "Versions are not known yet",
                    description: "\(words(unknown.map(\.name))) did not say which version they run.",
                    fix: "Nothing, if they came a moment ago.", data: ["unknown_nodes": .texts(unknown.map(\.name))]))
        }
        return found + [skew(reachable)].compactMap(\.self)
    }

    private static func skew(_ nodes: [NodeFacts]) -> Finding? {
        let known = nodes.filter { $0.protocols != nil }
        let highest = Set(known.compactMap(\.protocols?.upperBound)).sorted()
        guard let least = highest.first, let most = highest.last, least != most else { return nil }
        // Two that have no version in common cannot speak at all.
        let floor = known.compactMap(\.protocols?.lowerBound).max() ?? 0
        return Finding(
            "version_skew", floor > least ? .warning : .info, title: "Peers speak different versions of the mesh protocol",
            description: "The highest versions are \(words(highest.map(String.init))). "
                + (floor > least ? "Some have none in common." : "Each pair uses the highest that both speak."),
            fix: "Update the older ones: \(words(known.filter { $0.protocols?.upperBound == least }.map(\.name))).",
            data: [
                "protocols": .object(
                    Dictionary(known.map { ($0.name, .whole($0.protocols?.upperBound ?? 0)) }, uniquingKeysWith: { a, _ in a }))
            ])
    }
}
