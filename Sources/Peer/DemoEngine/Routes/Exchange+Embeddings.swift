import NIOHTTP1

extension Exchange {
    func embed() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "EmbedRequest")
        let keepAlive = try body.keepAlive()
        let name = try body.string("model") ?? ""
        let texts: [String]
        switch body["input"] {
        case nil: texts = []
        case .string(let text)?: texts = [text]
        case .array(let items)?:
            texts = items.compactMap(\.string)
            guard texts.count == items.count else { throw .early("invalid input type") }
        default: throw .early("invalid input type")
        }
        let installed = try findForEmbedding(name)
        let vectors = try vectors(texts, installed, dimensions: body.integer("dimensions"))
        let values = vectors.map { JSONValue.array($0.map(Self.short)) }
        let tokens = texts.reduce(0) { $0 + $1.count }
        let isEmpty = texts.isEmpty
        runEmbedding(installed, keepAlive) { elapsed in
            .present([
                "model": .string(name), "embeddings": .array(values),
                "total_duration": isEmpty ? nil : .integer(max(elapsed.nanosecondCount, 1)),
                "load_duration": isEmpty ? nil : .integer(max(elapsed.nanosecondCount / 2, 1)),
                "prompt_eval_count": isEmpty ? nil : .integer(Int64(tokens)),
            ])
        }
    }

    func oldEmbeddings() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "EmbeddingRequest")
        let keepAlive = try body.keepAlive()
        guard let name = try body.string("model"), !name.isEmpty else { throw .modelRequired }
        let prompt = try body.string("prompt") ?? ""
        let installed = try findForEmbedding(name)
        let vectors = try vectors(prompt.isEmpty ? [] : [prompt], installed, dimensions: nil)
        let values = (vectors.first ?? []).map { JSONValue.number(Double($0)) }
        runEmbedding(installed, keepAlive) { _ in ["embedding": .array(values)] }
    }

    func openAIEmbeddings() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "EmbedRequest")
        let name = try body.string("model") ?? ""
        let texts = body["input"]?.string.map { [$0] } ?? body["input"]?.array?.compactMap(\.string) ?? []
        guard !texts.isEmpty, body["input"]?.array.map({ $0.count == texts.count }) ?? true else { throw .early("invalid input") }
        let isBase64 = try body.string("encoding_format") == "base64"
        let installed = try findForEmbedding(name)
        let vectors = try vectors(texts, installed, dimensions: body.integer("dimensions"))
        let tokens = Int64(texts.reduce(0) { $0 + $1.count })
        let data = vectors.enumerated().map { index, vector -> JSONValue in
            let value: JSONValue = isBase64 ? .string(DemoVector.base64(vector)) : .array(vector.map(Self.short))
            return ["object": "embedding", "embedding": value, "index": .integer(Int64(index))]
        }
        runEmbedding(installed, nil, type: "application/json") { _ in
            [
                "object": "list", "data": .array(data), "model": .string(name),
                "usage": ["prompt_tokens": .integer(tokens), "total_tokens": .integer(tokens)],
            ]
        }
    }

    /// The shortest decimal number for a 32-bit one.
    private static func short(_ value: Float) -> JSONValue { .number(Double(value.description) ?? Double(value)) }

    private func findForEmbedding(_ name: String) throws(DemoFailure) -> ModelShelf.Installed {
        guard !name.isEmpty else { throw .notFound("") }
        guard ModelName.isValid(name) else { throw .invalidName }
        core.log.update(number) { $0.model = name }
        guard let installed = core.shelf.find(name) else { throw .pullFirst(name) }
        guard installed.model.capabilities.contains("embedding") else {
            throw DemoFailure(
                status: .notImplemented, text: "This server does not support embeddings. Start it with `--embeddings`")
        }
        return installed
    }

    private func vectors(_ texts: [String], _ installed: ModelShelf.Installed, dimensions: Int?) throws(DemoFailure) -> [[Float]]
    {
        guard texts.count <= 4096 else { throw .early("too many inputs") }
        return texts.map { DemoVector.make($0, width: installed.model.embeddingLength, dimensions: dimensions) }
    }

    /// Vectors come at once, unless the engine is told to misbehave or has a slot only later.
    private func runEmbedding(
        _ installed: ModelShelf.Installed, _ keepAlive: KeepAlive?, type: String = "application/json; charset=utf-8",
        _ body: @escaping (Duration) -> JSONValue
    ) {
        let format = VectorFormat(type: type, body: body)
        let plan = AnswerPlan(prompt: DemoPrompt(raw: ""), reply: "", thinking: nil, limit: nil)
        let order = Generation.Order(
            installed: installed, plan: plan, format: format, isStream: false, context: nil, keepAlive: keepAlive)
        let generation = Generation(self, order)
        self.generation = generation
        generation.start()
    }
}
