/// What the commands read of `GET /fleet/status`.
struct FleetReply: Decodable {
    struct Fleet: Decodable {
        let nodes_total: Int
        let nodes_online: Int
        let models_loaded: Int
        let requests_active: Int
    }

    struct Node: Decodable {
        struct CPU: Decodable { let utilization_pct: Double }
        struct Memory: Decodable {
            let total_gb: Double
            let available_gb: Double
        }
        struct Backend: Decodable {
            let id: String
            let kind: String
            let reachable: Bool
            let problem: String?
        }
        struct Loaded: Decodable {
            let name: String
            let size_gb: Double
        }
        struct Engines: Decodable {
            let models_available: [String]
            /// Nil in answers that were cut down.
            let models_loaded: [Loaded]?
        }

        let node_id: String
        let status: String
        let cpu: CPU
        let memory: Memory
        let backends: [Backend]
        let ollama: Engines
        let models_loaded_count: Int
        let free_slots: Int
        let draining: Bool
        let is_self: Bool
    }

    struct Queue: Decodable {
        let node_id: String
        let model: String
        let pending: Int
        let in_flight: Int
        let concurrency: Int
    }

    struct Router: Decodable {
        let node_id: String
        let epoch: UInt64
        let mode: String
    }

    struct Member: Decodable {
        let node_id: String
        let id: String
        let status: String
        let reason: String?
        let tls: Bool?
        let keys: [UInt16]?
        let lacks: [UInt16]?
        let address: String?
        let age_ms: Double?
        let source: String?
        let udp_blocked: Bool?
    }

    struct Seed: Decodable {
        let url: String
        let state: String
        let detail: String
    }

    struct Key: Decodable {
        let id: UInt16
        let stage: String
        let age_s: Int64
    }

    struct Mesh: Decodable {
        let me: String
        let router: Router?
        let members: [Member]
        let fleet: String
        let open_fleet: Bool
        let discovery: String
        let seeds: [Seed]
        let keys: [Key]?
        let rotating: Bool?
        let revoked: [String]?
        let key_advice: String?
        let refused: [String: UInt64]?
        let refused_links: [String: UInt64]?

        private enum CodingKeys: String, CodingKey {
            case me = "self"
            case router, members, fleet, open_fleet, discovery, seeds
            case keys, rotating, revoked, key_advice, refused, refused_links
        }
    }

    struct Access: Decodable {
        let keys_in_force: Bool
        let keys: Int
        let read_only_management: Bool
    }

    let fleet: Fleet
    /// Nil from peers of versions before client keys.
    let access: Access?
    let nodes: [Node]
    let queues: [String: Queue]?
    let mesh: Mesh
    let warnings: [String]
}
