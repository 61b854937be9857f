import Foundation
import Gossip

/// The answer of `GET /fleet/limits`, under ollama-herd's keys.
struct LimitsBody: Encodable {
    struct Node: Encodable {
        let node_id: String
        let status: String
        let hot_model_cap: Int
        let models_loaded: Int
        let free_slots: Int
        let slots: Int
        let draining: Bool
    }

    let max_retries: Int
    let hot_model_cap: Int
    /// No MLX server is run here.
    let mlx_max_inflight_per_model = 0
    let mlx_max_queue_depth = 0
    let nodes: [Node]
    let timestamp: Double

    /// - Parameter modelCap: models that a node is asked to keep in memory at most.
    init(view: FleetView, maxRetries: Int, modelCap: Int) {
        max_retries = maxRetries
        hot_model_cap = modelCap
        nodes = view.members.filter { $0.status != .left }.map { member in
            let slots = Int(member.hot?.slots ?? 0)
            return Node(
                node_id: member.name, status: NodeStatus.word(member.status), hot_model_cap: modelCap,
                models_loaded: member.models?.loaded.count ?? 0, free_slots: max(0, slots - Int(member.hot?.inFlight ?? 0)),
                slots: slots, draining: member.hot?.draining ?? false)
        }
        timestamp = Date().timeIntervalSince1970
    }
}
