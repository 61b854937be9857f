/// The answers of llama.cpp's own routes, as far as they matter here.
enum LlamaAnswers {
    /// `GET /health`.
    struct Health: Decodable { var status: String? }

    /// `GET /props`.
    struct Props: Decodable {
        var total_slots: Int?
        var model_alias: String?
        var build_info: String?
        var is_sleeping: Bool?
        var modalities: Modalities?
        var chat_template_caps: Template?
    }

    /// What the model takes beside text.
    struct Modalities: Decodable {
        var vision: Bool?
        var audio: Bool?
    }

    /// What the chat template can do.
    struct Template: Decodable { var supports_tools: Bool? }

    /// An entry of `GET /slots`.
    struct Slot: Decodable {
        var n_ctx: Int?
        var is_processing: Bool?
    }
}
