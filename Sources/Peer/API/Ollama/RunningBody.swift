import Foundation
import Gossip

/// The answer of `GET /api/ps`: one row per node and loaded model, with ollama-herd's `fleet_node`.
struct RunningBody: Encodable {
    /// One model on one node.
    struct Model: Encodable {
        let name: String
        let model: String
        let size: Int64
        let digest: String
        let details: TagsBody.Details
        let expires_at: String
        let size_vram: Int64
        let context_length: Int
        let fleet_node: String
    }

    let models: [Model]

    /// All loaded models of reachable nodes.
    init(view: FleetView, now: Date) {
        let clock = ISO8601DateFormatter()
        var rows: [Model] = []
        for member in view.members where member.status == .alive || member.status == .suspect {
            guard let report = member.models else { continue }
            for loaded in report.loaded {
                let known = report.available.first { $0.name == loaded.name && $0.backend == loaded.backend }
                // Ollama writes "for ever" as a time some 292 years ahead.
                let seconds = loaded.expiresInSeconds.map(Double.init) ?? 9_214_646_400
                rows.append(
                    Model(
                        name: loaded.name, model: loaded.name, size: loaded.sizeBytes,
                        digest: loaded.digest.isEmpty ? ModelCatalog.stableDigest(of: loaded.name) : loaded.digest,
                        details: TagsBody.Details(
                            parent_model: known?.parentModel ?? "", format: known?.format ?? "", family: known?.family ?? "",
                            families: known?.families ?? [], parameter_size: known?.parameterSize ?? "",
                            quantization_level: known?.quantization ?? "", context_length: nil, fleet_nodes: [member.name]),
                        expires_at: clock.string(from: now.addingTimeInterval(seconds)), size_vram: loaded.vramBytes,
                        context_length: loaded.contextLength ?? 0, fleet_node: member.name))
            }
        }
        models = rows
    }
}
