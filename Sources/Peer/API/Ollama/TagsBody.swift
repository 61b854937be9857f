import Gossip

/// The answer of `GET /api/tags`: Ollama's list with ollama-herd's `fleet_nodes`.
struct TagsBody: Encodable {
    /// One model.
    struct Model: Encodable {
        let name: String
        let model: String
        let modified_at: String
        let size: Int64
        let digest: String
        let details: Details
        let capabilities: [String]
    }

    /// Its details; no field is ever null.
    struct Details: Encodable {
        let parent_model: String
        let format: String
        let family: String
        let families: [String]
        let parameter_size: String
        let quantization_level: String
        let context_length: Int?
        let fleet_nodes: [String]
    }

    let models: [Model]

    /// The list of all models: where an engine has none of Ollama's routes, its machine translates.
    init(catalog: ModelCatalog, listedSince: String) {
        models = catalog.entries.map { entry in
            let model = entry.model
            return Model(
                name: entry.name, model: entry.name,
                modified_at: model.modifiedAt.isEmpty ? listedSince : model.modifiedAt,
                size: model.sizeBytes,
                digest: model.digest.isEmpty ? ModelCatalog.stableDigest(of: entry.name) : model.digest,
                details: Details(entry), capabilities: model.capabilities)
        }
    }
}

extension TagsBody.Details {
    /// What an engine says of a model, and who has it.
    init(_ entry: ModelCatalog.Entry) {
        let model = entry.model
        self.init(
            parent_model: model.parentModel, format: model.format, family: model.family,
            families: model.families.isEmpty && !model.family.isEmpty ? [model.family] : model.families,
            parameter_size: model.parameterSize, quantization_level: model.quantization,
            context_length: model.contextLength, fleet_nodes: entry.nodes)
    }
}
