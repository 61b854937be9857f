extension Translator {
    /// Turns the client's request.
    ///
    /// - Throws: `badRequest` where the client is wrong, `notCarried` where another engine could serve it.
    public mutating func request(_ body: [UInt8]) throws(TranslationError) -> TranslationStep {
        guard Self.translates(route, for: engine) else {
            throw .notCarried("the engine speaks this dialect itself: nothing is to be translated")
        }
        switch route {
        case .ollamaEmbed, .ollamaEmbeddings: return try embed(body)
        case .herdImage:
            let request = try PictureRequest.read(body, context: context, limits: limits)
            setting.model = request.model
            return .ask(TranslatedRequest(path: request.call.path, body: JSON.object(request.call.body).bytes, streams: false))
        case .ollamaChat: return try chat(try OllamaRequest.chat(body, limits: limits), body: body)
        case .ollamaGenerate: return try chat(try OllamaRequest.generate(body, limits: limits), body: body)
        case .anthropicMessages: return try chat(try AnthropicRequest.read(body, counts: false, limits: limits), body: body)
        case .openaiResponses: return try chat(try ResponsesRequest.read(body, limits: limits), body: body)
        case .anthropicCountTokens:
            let call = try AnthropicRequest.read(body, counts: true, limits: limits)
            return .answer(TranslatedAnswer(body: JSON.make(["input_tokens": .integer(call.estimatedTokens)]).bytes))
        }
    }

    private mutating func embed(_ body: [UInt8]) throws(TranslationError) -> TranslationStep {
        let request = try EmbeddingRequest.read(body, route: route, context: context, limits: limits)
        setting.model = request.model ?? ""
        if request.isEmpty {
            return .answer(TranslatedAnswer(body: EmbeddingAnswer.empty(model: setting.model, route: route).bytes))
        }
        return .ask(TranslatedRequest(path: request.call.path, body: JSON.object(request.call.body).bytes, streams: false))
    }

    private mutating func chat(_ call: ChatCall, body: [UInt8]) throws(TranslationError) -> TranslationStep {
        setting.model = call.model ?? ""
        setting.streams = call.streams
        setting.estimatedTokens = call.estimatedTokens
        if route.family == .ollama {
            if context.modelThinks == false, let thinking = call.thinking, thinking != .off {
                throw .badRequest("\"\(setting.model)\" does not support thinking")
            }
            if call.turns.isEmpty, call.prompt == nil { return .answer(load(call)) }
        }
        if route == .openaiResponses {
            let asked = try JSONObject.read(body, limits: limits)
            setting.echo = JSONObject(members: asked.members.filter { ResponsesAnswerWriter.repeated.contains($0.key) })
        }
        let written: EngineCall
        if engine == .ollama {
            written = try OllamaRequestWriter.write(call, context: context, limits: limits)
        } else {
            written = try OpenAIRequestWriter.write(call, engine: engine, context: context)
        }
        return .ask(TranslatedRequest(path: written.path, body: JSON.object(written.body).bytes, streams: call.streams))
    }

    /// A request without a prompt loads or unloads a model (api-contracts §1.2). These engines keep theirs: it is said to be done.
    private func load(_ call: ChatCall) -> TranslatedAnswer {
        let unloads = call.rest["keep_alive"].map { $0.integer == 0 || $0.string == "0" || $0.string == "0s" } ?? false
        var object = JSONObject([
            "model": .string(setting.model), "created_at": .string(setting.time(.zero).text),
        ])
        if route == .ollamaGenerate {
            object.add("response", "")
        } else {
            object.add("message", .make(["role": "assistant", "content": ""]))
        }
        object.add("done", true)
        object.add("done_reason", unloads ? "unload" : "load")
        return TranslatedAnswer(body: JSON.object(object).bytes)
    }
}
