/// The answers of the engines that speak OpenAI's routes, as far as they matter here. Every field may be missing.
enum OpenAIAnswers {
    /// `GET /v1/models`, and `GET /api/v0/models` of LM Studio. `data` is null when an Ollama has no models.
    struct Models: Decodable {
        var object: String?
        var data: LossyList<Model>?
    }

    /// An entry.
    struct Model: Decodable {
        var id: String
        var owned_by: String?
        var aliases: [String]?
        /// vLLM: the context.
        var max_model_len: Int?
        /// vLLM: an adapter's base model.
        var parent: String?
        /// llama.cpp: figures of the weights.
        var meta: Meta?
        /// llama.cpp in router mode.
        var status: Status?
        /// LM Studio: `llm`, `vlm`, `embeddings`.
        var type: String?
        /// LM Studio: `loaded`, `not-loaded`.
        var state: String?
        var arch: String?
        var quantization: String?
        var compatibility_type: String?
        var max_context_length: Int?
        var loaded_context_length: Int?
        /// llama.cpp: what goes in and out.
        var architecture: Modalities?
    }

    /// `meta` of llama.cpp.
    struct Meta: Decodable {
        var n_ctx: Int?
        var n_ctx_train: Int?
        var n_params: Double?
        var size: Int64?
        var ftype: String?
    }

    /// `architecture` of llama.cpp.
    struct Modalities: Decodable { var input_modalities: [String]? }

    /// `status` of llama.cpp in router mode.
    struct Status: Decodable { var value: String? }
}
