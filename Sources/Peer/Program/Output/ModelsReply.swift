import Foundation

/// What the commands read of `GET /dashboard/api/model-management`.
struct ModelsReply: Decodable {
    struct Model: Decodable {
        let name: String
        let display_name: String
        let size_gb: Double
        let parameter_size: String
        let quantization: String
        let days_unused: Double?
        let loaded_in_vram: Bool
        let pinned: Bool
    }

    struct Node: Decodable {
        let node_id: String
        let models: [Model]
        let total_size_gb: Double
        let disk_available_gb: Double?
    }

    let nodes: [Node]
    let shards: ShardsReply

    /// A row for each model on each machine, by model.
    /// - Parameters:
    ///   - node: only those of this machine.
    ///   - isLoaded: only those in memory.
    func table(node: String?, isLoaded: Bool) -> Table {
        var table = Table(["MODEL", "NODE", "LOADED", "SIZE", "PARAMETERS", "QUANTIZATION", "LAST USED", "PINNED"])
        let rows = nodes.filter { node == nil || $0.node_id == node }.flatMap { node in node.models.map { (node.node_id, $0) } }
            .filter { !isLoaded || $0.1.loaded_in_vram }
        for (node, model) in rows.sorted(by: { ($0.1.display_name, $0.0) < ($1.1.display_name, $1.0) }) {
            table.add([
                model.display_name, node, model.loaded_in_vram ? "loaded" : "",
                model.size_gb > 0 ? Terminal.size(bytes: model.size_gb * 1e9) : "-",
                model.parameter_size.isEmpty ? "-" : model.parameter_size, model.quantization.isEmpty ? "-" : model.quantization,
                Self.used(model.days_unused), model.pinned ? "pinned" : "",
            ])
        }
        return table
    }

    /// A line for each machine: how much it has, and what is free.
    var machines: [String] {
        nodes.sorted { $0.node_id < $1.node_id }.map { node in
            let free = node.disk_available_gb.map { ", \(Terminal.size(bytes: $0 * 1e9)) of disk free" } ?? ""
            let models = "\(node.models.count) model\(node.models.count == 1 ? "" : "s")"
            return Terminal.plain("\(node.node_id): \(models), \(Terminal.size(bytes: node.total_size_gb * 1e9))") + free
        }
    }

    private static func used(_ days: Double?) -> String {
        guard let days else { return "never" }
        return days < 1 ? "today" : "\(Int(days)) days ago"
    }
}
