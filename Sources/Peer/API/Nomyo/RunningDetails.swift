import Foundation
import Gossip

/// The answer of `GET /api/ps_details`: a row per node and loaded model with the `endpoint` that has it. Asking changes nothing.
struct RunningDetails: Encodable {
    /// One row of `/api/ps`, and where it is.
    struct Row: Encodable {
        let model: RunningBody.Model
        let backend: String

        func encode(to encoder: any Encoder) throws {
            try model.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(model.fleet_node, forKey: .endpoint)
            try container.encode(model.name, forKey: .original_name)
            try container.encode(backend, forKey: .owned_by)
        }

        private enum Key: String, CodingKey { case endpoint, original_name, owned_by }
    }

    let models: [Row]

    init(view: FleetView, now: Date) {
        models = RunningBody(view: view, now: now).models.map { model in
            let report = view.members.first { $0.name == model.fleet_node }?.models
            let engine = report?.loaded.first { $0.name == model.name }?.backend
            let kind = report?.backends.first { $0.id == engine }?.kind
            return Row(model: model, backend: kind?.rawValue ?? "")
        }
    }
}
