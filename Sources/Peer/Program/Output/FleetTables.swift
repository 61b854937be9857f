import Foundation

/// The fleet as tables for a terminal.
struct FleetTables {
    let reply: FleetReply
    /// What shows them.
    let screen: Screen

    /// Reads the answer of `/fleet/status`.
    init(_ data: Data, screen: Screen = .plain) throws {
        reply = try JSONDecoder().decode(FleetReply.self, from: data)
        self.screen = screen
    }

    /// The table of `herd-peer status`.
    var status: String { ([headline, "", nodes.fitted(screen)] + notes).joined(separator: "\n") }

    /// A row for each machine.
    var nodes: Table {
        var table = Table(["NODE", "STATUS", "ROUTER", "MODELS", "LOADED", "FREE SLOTS", "CPU", "MEMORY FREE", "ENGINES"])
        for node in reply.nodes {
            table.add([
                node.node_id + (node.is_self ? " *" : ""), node.draining ? "draining" : node.status,
                reply.mesh.router?.node_id == node.node_id ? "router" : "", String(node.ollama.models_available.count),
                String(node.models_loaded_count), String(node.free_slots), "\(Int(node.cpu.utilization_pct)) %",
                "\(Self.tenths(node.memory.available_gb)) of \(Self.tenths(node.memory.total_gb)) GB",
                node.backends.isEmpty
                    ? "none" : node.backends.map { $0.reachable ? $0.id : "\($0.id) (down)" }.joined(separator: ", "),
            ])
        }
        return table
    }

    /// The table of `herd-peer peers`.
    var peers: String {
        var table = Table(["NODE", "ID", "STATUS", "ADDRESS", "HEARD", "FOUND BY"])
        for member in reply.mesh.members {
            table.add([
                member.node_id + (member.node_id == reply.mesh.me ? " *" : ""), member.id, member.reason ?? member.status,
                (member.address ?? "-") + (member.udp_blocked == true ? " (TCP only)" : ""),
                member.age_ms.map { Terminal.time(milliseconds: $0) + " ago" } ?? "-", member.source ?? "itself",
            ])
        }
        return ([headline, "", table.fitted(screen)] + notes).joined(separator: "\n")
    }

    var headline: String {
        let mesh = reply.mesh
        let router = mesh.router.map { "router \($0.node_id) (epoch \($0.epoch), \($0.mode))" } ?? "no router at the moment"
        let seal = mesh.open_fleet ? "open" : "closed"
        let online = "\(reply.fleet.nodes_online) of \(reply.fleet.nodes_total) nodes online"
        return Terminal.plain("Fleet '\(mesh.fleet)' (\(seal)): \(online), \(router)")
    }

    var notes: [String] {
        var lines: [String] = []
        if let access = reply.access {
            if access.keys_in_force { lines.append("Clients need a key; \(access.keys) count (`herd-peer keys list`).") }
            if access.read_only_management { lines.append("This peer changes nothing for clients (--read-only-management).") }
        }
        for seed in reply.mesh.seeds where seed.state != "joined" {
            lines.append("--router-url \(seed.url): \(seed.state), \(seed.detail)")
        }
        for node in reply.nodes {
            for backend in node.backends where !backend.reachable {
                lines.append("\(node.node_id): \(backend.id) is not reachable: \(backend.problem ?? "no answer")")
            }
        }
        lines += reply.warnings.map { "Warning: \($0)" }
        return lines.isEmpty ? [] : [""] + lines.map(Terminal.plain)
    }

    private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
