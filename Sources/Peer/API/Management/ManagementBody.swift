import Foundation
import Gossip
import Health
import Insight
import Store

/// The answer of `GET /dashboard/api/model-management`, under ollama-herd's keys and with `shards`.
struct ManagementBody: Encodable {
    struct Model: Encodable {
        let name: String
        let display_name: String
        let category: ModelKind
        let size_gb: Double
        let parameter_size: String
        let quantization: String
        let last_used: Double?
        let days_unused: Double?
        let total_requests: Int
        let loaded_in_vram: Bool
        let unused: Bool
        let pinned: Bool
    }

    struct Node: Encodable {
        let node_id: String
        let models: [Model]
        let total_size_gb: Double
        let disk_available_gb: Double?
        let disk_total_gb: Double?
    }

    /// A model that nobody used for so many days is called unused.
    static let unusedDays = 7.0

    let nodes: [Node]

    /// - Parameter counts: requests by node and model.
    init(view: FleetView, counts: [Counted], digests: [PeerDigest], pins: [Pin], now: Double) {
        let used = Dictionary(
            counts.map { (Key(node: $0.key.node ?? "", model: ModelKey.canonical($0.key.model ?? "")), $0) },
            uniquingKeysWith: { one, other in
                var sum = one
                sum.add(other)
                return sum
            })
        nodes = view.members.filter { $0.status == .alive || $0.status == .suspect }.map { member in
            let report = member.models ?? ModelsReport()
            let loaded = Set(report.loaded.map { ModelKey.canonical($0.name) })
            let models = report.available.map { model in
                let name = ModelKey.canonical(model.name)
                let count = used[Key(node: member.name, model: name)]
                let days = count?.lastSeen.map { max(0, now - $0) / 86_400 }
                return Model(
                    name: model.name, display_name: model.name.hasSuffix(":latest") ? String(model.name.dropLast(7)) : model.name,
                    category: ModelKind(name, capabilities: model.capabilities),
                    size_gb: (Double(model.sizeBytes) / 1e9).gigabytes,
                    parameter_size: model.parameterSize, quantization: model.quantization, last_used: count?.lastSeen,
                    days_unused: days.map { ($0 * 10).rounded() / 10 }, total_requests: count?.requests ?? 0,
                    loaded_in_vram: loaded.contains(name), unused: days.map { $0 >= Self.unusedDays } ?? true,
                    pinned: pins.contains(Pin(node: member.name, model: name)))
            }.sorted { ($1.size_gb, $0.name) < ($0.size_gb, $1.name) }
            let digest = digests.first { $0.node == member.name }
            return Node(
                node_id: member.name, models: models, total_size_gb: models.reduce(0) { $0 + $1.size_gb }.gigabytes,
                disk_available_gb: digest?.diskFreeGigabytes?.gigabytes, disk_total_gb: digest?.diskTotalGigabytes?.gigabytes)
        }
    }

    private struct Key: Hashable {
        var node: String
        var model: String
    }
}
