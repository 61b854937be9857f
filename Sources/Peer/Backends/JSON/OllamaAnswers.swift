/// The answers of Ollama's listing routes, as far as they matter here. Every field may be missing.
enum OllamaAnswers {
    /// `GET /api/version`.
    struct Version: Decodable { var version: String }

    /// `GET /api/tags` and `GET /api/ps`.
    struct Models: Decodable {
        var models: LossyList<Model>?
    }

    /// An entry of both lists.
    struct Model: Decodable, Hashable {
        var name: String?
        var model: String?
        var modified_at: String?
        var size: Int64?
        var digest: String?
        var details: Details?
        var capabilities: [String]?
        var expires_at: String?
        var size_vram: Int64?
        var context_length: Int?

        /// The name that the engine answers to.
        var label: String { name ?? model ?? "" }
    }

    /// `details` of an entry.
    struct Details: Decodable, Hashable {
        var parent_model: String?
        var format: String?
        var family: String?
        var families: [String]?
        var parameter_size: String?
        var quantization_level: String?
        var context_length: Int?
    }

    /// `POST /api/show`.
    struct Show: Decodable {
        var capabilities: [String]?
        var contextLength: Int?

        private enum Key: String, CodingKey { case capabilities, model_info }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            capabilities = try? container.decodeIfPresent([String].self, forKey: .capabilities)
            // The key of the length starts with the architecture's name.
            guard let info = try? container.nestedContainer(keyedBy: AnyKey.self, forKey: .model_info),
                let architecture = try? info.decode(String.self, forKey: AnyKey("general.architecture"))
            else { return }
            contextLength = try? info.decodeIfPresent(Int.self, forKey: AnyKey(architecture + ".context_length"))
        }
    }
}
