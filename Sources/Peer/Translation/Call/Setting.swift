/// One setting of sampling or length with its value as it came.
struct Setting: Sendable, Hashable {
    /// What can be set, by the names that llama.cpp gives it behind OpenAI's routes.
    enum Name: String, Sendable, Hashable, CaseIterable {
        case maxTokens = "max_tokens"
        case stop
        case seed
        case temperature
        case topP = "top_p"
        case topK = "top_k"
        case minP = "min_p"
        case typicalP = "typical_p"
        case repeatPenalty = "repeat_penalty"
        case repeatLastN = "repeat_last_n"
        case presencePenalty = "presence_penalty"
        case frequencyPenalty = "frequency_penalty"

        /// Its name among Ollama's options.
        var ollama: String { self == .maxTokens ? "num_predict" : rawValue }

        /// Its name behind OpenAI's routes of an engine.
        func openai(_ engine: EngineDialect) -> String {
            self == .repeatPenalty && engine == .vllm ? "repetition_penalty" : rawValue
        }
    }

    var name: Name
    var value: JSON

    /// A setting whose value is of the right kind; nil for a length that means no limit.
    init?(_ name: Name, _ value: JSON, field: String) throws(TranslationError) {
        switch (name, value) {
        case (.stop, .string), (_, .number): break
        case (.stop, .array(let words)):
            guard words.allSatisfy({ $0.string != nil }) else {
                throw .badRequest("`\(field)` must be a string or a list of strings")
            }
        default:
            throw .wrongType(field, wants: name == .stop ? "a string or a list of strings" : "a number", is: value)
        }
        if name == .stop, case .number = value { throw .wrongType(field, wants: "a string or a list of strings", is: value) }
        if name == .maxTokens, let count = value.integer, count <= 0 { return nil }
        self.name = name
        self.value = value
    }
}
