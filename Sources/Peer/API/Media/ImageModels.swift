import Gossip

/// The answer of `GET /api/image-models`: what pictures can be asked of, in ollama-herd's form.
struct ImageModels: Encodable {
    /// One model.
    struct Model: Encodable {
        let name: String
        let type = "image"
        let backend: String
        let fleet_nodes: [String]

        private enum CodingKeys: String, CodingKey { case name, type, backend, fleet_nodes }
    }

    let models: [Model]

    /// Those that say that they make pictures.
    init(catalog: ModelCatalog) {
        models = catalog.entries.filter { $0.model.capabilities.contains("image") }.map { entry in
            Model(name: entry.name, backend: entry.speaksOllama ? "ollama" : entry.kind.rawValue, fleet_nodes: entry.nodes)
        }
    }
}
