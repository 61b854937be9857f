/// How the fleet is sealed, as `herd-peer fleet status` prints it.
struct FleetReport {
    let mesh: FleetReply.Mesh
    let warnings: [String]

    var text: String {
        guard !mesh.open_fleet else {
            return
                ([
                    "Fleet '\(mesh.fleet)' is OPEN: anyone on this network who knows its name can join it, use it, and read what "
                        + "goes between its machines.",
                    "Close it: `herd-peer fleet init` here, then on every other machine "
                        + "`herd-peer fleet join` with what `herd-peer fleet token` prints.",
                ] + refusals + todo).joined(separator: "\n")
        }
        var parts = [
            "Fleet '\(mesh.fleet)' is closed: datagrams and the links between its machines are encrypted.", "", keys, "", members,
        ]
        let rest = refusals + notes
        if !rest.isEmpty { parts += [""] + rest }
        return parts.joined(separator: "\n")
    }

    private var keys: String {
        var table = Table(["KEY", "STAGE", "AGE"])
        for key in mesh.keys ?? [] { table.add([String(key.id), Self.stage(key.stage), Self.age(seconds: key.age_s)]) }
        return table.text
    }

    private var members: String {
        var table = Table(["MEMBER", "STATUS", "KEYS", "LACKS", "LINKS"])
        for member in mesh.members where member.status != "left" {
            let isSelf = member.node_id == mesh.me
            table.add([
                member.node_id + (isSelf ? " *" : ""), member.reason.map { "\(member.status) (\($0))" } ?? member.status,
                list(member.keys), list(member.lacks), isSelf ? "-" : member.tls == true ? "TLS" : "no certificate known yet",
            ])
        }
        return table.text
    }

    private var refusals: [String] {
        var lines: [String] = []
        for (what, counts) in [("datagrams", mesh.refused ?? [:]), ("links", mesh.refused_links ?? [:])] {
            let some = counts.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            if !some.isEmpty { lines.append("Refused \(what): " + some.joined(separator: ", ")) }
        }
        return lines
    }

    private var todo: [String] { mesh.key_advice.map { ["To do: \($0)"] } ?? [] }

    private var notes: [String] {
        var lines: [String] = []
        if mesh.rotating == true {
            lines.append("A rotation is under way: the installed key is used as soon as every reachable member has it.")
        }
        if let revoked = mesh.revoked, !revoked.isEmpty { lines.append("Shut out: " + revoked.joined(separator: ", ")) }
        return lines + todo + warnings.map { "Warning: \($0)" }
    }

    private func list(_ ids: [UInt16]?) -> String {
        guard let ids, !ids.isEmpty else { return "-" }
        return ids.map(String.init).joined(separator: " ")
    }

    private static func stage(_ word: String) -> String {
        switch word {
        case "active": "in use"
        case "installed": "installed, not used yet"
        case "retiring": "retiring"
        default: word
        }
    }

    /// Seconds as people read a long time.
    static func age(seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(max(0, seconds)) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}
