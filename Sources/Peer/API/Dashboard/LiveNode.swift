import Gossip

/// One node of a live event: lighter than in `/fleet/status`, whose lists of models on disk are long and seldom change.
struct LiveNode: Encodable {
    struct Thermal: Encodable {
        let state: String
        let temperature_c: Int?
        let source: String?
    }

    /// What a machine that learns its owner's hours says of now.
    struct Capacity: Encodable {
        let mode: String
        let availability_score: Double

        init(_ availability: UInt8) {
            let score = Double(availability) / 255
            availability_score = (score * 100).rounded() / 100
            mode = score < 0.2 ? "paused" : score < 0.4 ? "low" : score < 0.6 ? "medium" : score < 0.8 ? "high" : "full"
        }
    }

    struct Engines: Encodable {
        let models_loaded: [NodeStatus.Loaded]
        let models_available_count: Int
        let models_available_gb: Double
        let requests_active: Int
        let num_parallel: Int
        let version: String
    }

    let node_id: String
    let status: String
    let is_self: Bool
    let draining: Bool
    let agent_version: String
    let hardware: NodeStatus.Hardware
    let cpu: NodeStatus.CPU
    let memory: NodeStatus.Memory
    let gpus: [NodeStatus.GPU]
    let thermal: Thermal
    let capacity: Capacity?
    let ollama: Engines
    let backends: [NodeStatus.Backend]
    let models_loaded_count: Int
    let free_slots: Int
    let image_models: [String]
    let stt_models: [String]
    let embed_models: [String]
    let vision_embed_models: [String]
    let mlx_servers: [String]

    init(_ node: NodeStatus, models: ModelsReport?, availability: UInt8?) {
        capacity = availability.map(Capacity.init)
        node_id = node.node_id
        status = node.status
        is_self = node.is_self
        draining = node.draining
        agent_version = node.agent_version
        hardware = node.hardware
        cpu = node.cpu
        memory = node.memory
        gpus = node.gpus
        thermal = Thermal(
            state: node.thermal.state, temperature_c: node.thermal.temperature_c,
            source: node.thermal.temperature_c == nil ? nil : "sensor")
        let sizes = node.ollama.models_available_sizes.values.reduce(0, +)
        ollama = Engines(
            models_loaded: node.ollama.models_loaded, models_available_count: node.ollama.models_available.count,
            models_available_gb: (sizes * 100).rounded() / 100, requests_active: node.ollama.requests_active,
            num_parallel: node.ollama.num_parallel, version: node.ollama.version)
        backends = node.backends
        models_loaded_count = node.models_loaded_count
        free_slots = node.free_slots
        let able = { (word: String) in (models?.available ?? []).filter { $0.capabilities.contains(word) }.map(\.name) }
        image_models = able("image")
        stt_models = able("audio")
        embed_models = able("embedding")
        // No engine that is known embeds pictures, and none is an MLX server of ollama-herd's.
        vision_embed_models = []
        mlx_servers = []
    }
}
