/// Turns an answer of OpenAI's embeddings into one of Ollama's.
enum EmbeddingAnswer {
    /// The answer to a request with nothing in it.
    static func empty(model: String, route: ClientRoute) -> JSON {
        route == .ollamaEmbed ? .make(["model": .string(model), "embeddings": []]) : .make(["embedding": []])
    }

    /// The answer, and the tokens it counts.
    static func translate(
        _ body: [UInt8], model: String, route: ClientRoute, elapsed: Int64, limits: TranslationLimits
    ) throws(TranslationError) -> (JSON, TokenUsage) {
        let json: JSON
        do throws(JSONError) {
            json = try JSONParser.parse(body, limits: limits)
        } catch {
            throw .badAnswer("the engine's answer is not JSON: \(error.message) (byte \(error.offset))")
        }
        if let failure = EngineFailure(json, limits: limits) { throw failure.error }
        guard let data = json["data"]?.array else { throw .badAnswer("the engine's answer has no `data`") }
        var vectors: [(place: Int64, vector: [JSON])] = []
        for (position, item) in data.enumerated() {
            guard let vector = item["embedding"]?.array, vector.allSatisfy({ $0.double != nil }) else {
                throw .badAnswer("the engine's answer has an embedding that is not a list of numbers")
            }
            vectors.append((item["index"]?.integer ?? Int64(position), vector))
        }
        // The sort is stable: without indices the order stays.
        vectors.sort { $0.place < $1.place }
        let usage = json["usage"].map { TokenUsage(openai: $0) } ?? TokenUsage()
        if route == .ollamaEmbeddings { return (.make(["embedding": .array(vectors.first?.vector ?? [])]), usage) }
        return (
            .make([
                "model": .string(model), "embeddings": .array(vectors.map { .array(normalized($0.vector)) }),
                "total_duration": elapsed > 0 ? .integer(elapsed) : nil,
                "prompt_eval_count": usage.prompt.flatMap { $0 > 0 ? .integer($0) : nil },
            ]), usage
        )
    }

    /// Ollama's vectors have length one, and clients count on it. Numbers stay as they came where they have it already.
    private static func normalized(_ vector: [JSON]) -> [JSON] {
        let sum = vector.reduce(0.0) { sum, item in
            let value = item.double ?? 0
            return sum + value * value
        }
        guard sum > 0, sum.isFinite, abs(sum - 1) > 1e-3 else { return vector }
        let length = sum.squareRoot()
        return vector.map { .number(((($0.double ?? 0) / length) as Double).description) }
    }
}
