/// How far a change of the fleet's key is, read from `/fleet/status`.
struct RotationView: Equatable, Encodable {
    /// The key that seals.
    var active: UInt16?
    /// The new key while it waits to be used.
    var installed: UInt16?
    /// Reachable members that have the new key; once it is in use, those that use it.
    var having: [String] = []
    /// Reachable members that do not yet.
    var waiting: [String] = []
    /// Members that cannot be reached and do not have it: asleep, off, or cut off.
    var outOfSight: [String] = []

    init(_ mesh: FleetReply.Mesh) {
        active = mesh.keys?.first { $0.stage == "active" }?.id
        installed = mesh.keys?.first { $0.stage == "installed" }?.id
        guard let newest = installed ?? active else { return }
        for member in mesh.members where member.status != "left" {
            // A member names the key that it uses first.
            let isThere = installed == nil ? member.keys?.first == newest : member.keys?.contains(newest) == true
            if isThere {
                having.append(member.node_id)
            } else if member.status == "alive" || member.status == "suspect" {
                waiting.append(member.node_id)
            } else {
                outOfSight.append(member.node_id + (member.reason.map { " (\($0))" } ?? ""))
            }
        }
    }

    /// Everybody in sight uses the new key.
    func isOver(since before: UInt16?) -> Bool { installed == nil && active != before && waiting.isEmpty }

    /// In a line.
    var words: String {
        var parts: [String] = []
        if let installed { parts.append("key \(installed) is installed, key \(active.map { "\($0)" } ?? "?") still seals") }
        if installed == nil, let active { parts.append("key \(active) is in use") }
        parts.append((installed == nil ? "used by: " : "had by: ") + list(having))
        if !waiting.isEmpty { parts.append("waiting for: \(list(waiting))") }
        if !outOfSight.isEmpty { parts.append("out of sight: \(list(outOfSight))") }
        return parts.joined(separator: "; ")
    }

    private func list(_ names: [String]) -> String { names.isEmpty ? "nobody" : names.joined(separator: ", ") }
}
