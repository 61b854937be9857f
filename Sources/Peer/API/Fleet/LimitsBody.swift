import Foundation
import Gossip

/// The answer of `GET /fleet/limits`, under ollama-herd's keys. What only MLX engines have is `null`, and so is a cap on models
/// in memory: engines see to that themselves.
struct LimitsBody: Encodable {
    struct Node: Encodable {
        let node_id: String
        let status: String
        let models_loaded: Int
        let free_slots: Int
        let slots: Int
        let draining: Bool

        private enum CodingKeys: String, CodingKey {
            case node_id, status, hot_model_cap, models_loaded, free_slots, slots, draining
        }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(node_id, forKey: .node_id)
            try fields.encode(status, forKey: .status)
            try fields.encodeNil(forKey: .hot_model_cap)
            try fields.encode(models_loaded, forKey: .models_loaded)
            try fields.encode(free_slots, forKey: .free_slots)
            try fields.encode(slots, forKey: .slots)
            try fields.encode(draining, forKey: .draining)
        }
    }

    let max_retries: Int
    let nodes: [Node]
    let timestamp: Double

    init(view: FleetView, maxRetries: Int) {
        max_retries = maxRetries
        nodes = view.members.filter { $0.status != .left }.map { member in
            let slots = Int(member.hot?.slots ?? 0)
            return Node(
                node_id: member.name, status: NodeStatus.word(member.status), models_loaded: member.models?.loaded.count ?? 0,
                free_slots: max(0, slots - Int(member.hot?.inFlight ?? 0)), slots: slots,
                draining: member.hot?.draining ?? false)
        }
        timestamp = Date().timeIntervalSince1970
    }

    private enum CodingKeys: String, CodingKey {
        case max_retries, hot_model_cap, mlx_max_inflight_per_model, mlx_max_queue_depth, nodes, timestamp
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(max_retries, forKey: .max_retries)
        for key in [CodingKeys.hot_model_cap, .mlx_max_inflight_per_model, .mlx_max_queue_depth] {
            try fields.encodeNil(forKey: key)
        }
        try fields.encode(nodes, forKey: .nodes)
        try fields.encode(timestamp, forKey: .timestamp)
    }
}
