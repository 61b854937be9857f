/// Reads requests of Ollama's embeddings and writes them for OpenAI's route.
struct EmbeddingRequest: Sendable, Hashable {
    /// The model as the client named it.
    var model: String?
    /// Nothing is to be embedded: Ollama answers that without a model.
    var isEmpty: Bool
    /// The request for `/v1/embeddings`.
    var call: EngineCall

    /// A request to `/api/embed` (`input`), or to `/api/embeddings` (`prompt`).
    static func read(
        _ body: [UInt8], route: ClientRoute, context: TranslationContext, limits: TranslationLimits
    ) throws(TranslationError) -> EmbeddingRequest {
        var fields = try JSONObject.read(body, limits: limits)
        let model = try fields.takeString("model")
        let input: JSON
        if route == .ollamaEmbed {
            let value = fields.take("input") ?? .array([])
            switch value {
            case .string: input = value
            case .array(let items) where items.allSatisfy({ $0.string != nil }): input = value
            default: throw .badRequest("`input` must be a string or a list of strings")
            }
        } else {
            input = .string(try fields.takeString("prompt") ?? "")
        }
        var call = JSONObject()
        call.add("model", (context.engineModel ?? model).map { .string($0) })
        call.add("input", input)
        call.add("encoding_format", "float")
        let options = try fields.takeObject("options") ?? JSONObject()
        call.merge(fields)
        call.merge(options)
        let isEmpty = input == .array([]) || (route == .ollamaEmbeddings && input == .string(""))
        return EmbeddingRequest(model: model, isEmpty: isEmpty, call: EngineCall(path: "/v1/embeddings", body: call))
    }
}
