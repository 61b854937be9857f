import Gossip

/// The answer of `POST /api/show` for a model whose engine has no such route: what is known of it, in Ollama's form.
struct ShowBody: Encodable {
    let modelfile: String
    let parameters = ""
    let template: String
    let details: TagsBody.Details
    let model_info: ModelInfo
    let capabilities: [String]
    let modified_at: String

    /// What clients read of a model's file: they ask for the context by its architecture.
    struct ModelInfo: Encodable {
        let architecture: String
        let contextLength: Int?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(architecture, forKey: Key(stringValue: "general.architecture"))
            guard let contextLength else { return }
            try container.encode(contextLength, forKey: Key(stringValue: "\(architecture).context_length"))
        }

        private struct Key: CodingKey {
            let stringValue: String
            let intValue: Int? = nil
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { return nil }
        }
    }

    private enum CodingKeys: String, CodingKey {
        case modelfile, parameters, template, details, model_info, capabilities, modified_at
    }

    /// - Parameter listedSince: for engines that do not say when a model came, RFC 3339.
    init(_ entry: ModelCatalog.Entry, listedSince: String) {
        let model = entry.model
        modelfile = "# \(entry.name) is served by an engine that has no Modelfile\nFROM \(entry.name)\n"
        details = TagsBody.Details(entry)
        model_info = ModelInfo(
            architecture: model.family.isEmpty ? "unknown" : model.family, contextLength: model.contextLength)
        capabilities = model.capabilities.isEmpty ? ["completion"] : model.capabilities
        // Some clients take a template that names no tools for a model without them, whatever `capabilities` says.
        template = (capabilities.contains("tools") ? "{{ if .Tools }}{{ .Tools }}{{ end }}" : "") + "{{ .Prompt }}"
        modified_at = model.modifiedAt.isEmpty ? listedSince : model.modifiedAt
    }
}
