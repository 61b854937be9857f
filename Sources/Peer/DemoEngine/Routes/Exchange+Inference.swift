import NIOCore
import NIOHTTP1

extension Exchange {
    func chat() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "ChatRequest")
        let keepAlive = try body.keepAlive()
        let messages = try body.messages()
        let isStream = try body.isStreamByDefault
        guard let name = try body.string("model"), !name.isEmpty else { throw .modelRequired }
        let installed = try find(name)
        try require("completion", of: installed, for: "chat", asked: name)
        let context = try self.context(body)
        let format = OllamaFormat(route: .chat, model: name, topLogprobs: try logprobs(body))
        guard !messages.isEmpty else {
            load(installed, format, context: context, keepAlive: keepAlive)
            return
        }
        let prompt = DemoPrompt(messages: messages, toolsJSON: body.toolsText)
        let plan = try plan(installed, prompt, body, thinks: thinking(body, installed, name), limit: body.option("num_predict"))
        try answer(installed, plan, format, isStream: isStream, context: context, keepAlive: keepAlive)
    }

    func generate() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "GenerateRequest")
        let keepAlive = try body.keepAlive()
        let isStream = try body.isStreamByDefault
        let name = try body.string("model") ?? ""
        guard !name.isEmpty else { throw .notFound("") }
        let installed = try find(name)
        let text = try body.string("prompt") ?? ""
        let isRaw = try body.bool("raw") ?? false
        let context = try self.context(body)
        let format = OllamaFormat(route: .generate, model: name, topLogprobs: try logprobs(body), sendsContext: !isRaw)
        if text.isEmpty {
            load(installed, format, context: context, keepAlive: keepAlive)
            return
        }
        try require("completion", of: installed, for: "generate", asked: name)
        if let suffix = try body.string("suffix"), !suffix.isEmpty, !installed.model.capabilities.contains("insert") {
            throw DemoFailure(
                status: .badRequest, text: "registry.ollama.ai/library/\(installed.model.name) does not support insert")
        }
        var messages = [(role: "user", content: text)]
        if let system = try body.string("system") { messages.insert((role: "system", content: system), at: 0) }
        let prompt = isRaw ? DemoPrompt(raw: text) : DemoPrompt(messages: messages, toolsJSON: nil)
        let thinks = isRaw ? false : try thinking(body, installed, name)
        let plan = try plan(installed, prompt, body, thinks: thinks, limit: body.option("num_predict"))
        try answer(installed, plan, format, isStream: isStream, context: context, keepAlive: keepAlive)
    }

    /// The model of a request.
    func find(_ name: String) throws(DemoFailure) -> ModelShelf.Installed {
        guard ModelName.isValid(name) else { throw .invalidName }
        core.log.update(number) { $0.model = name }
        guard let installed = core.shelf.find(name) else { throw .notFound(name) }
        return installed
    }

    func require(_ capability: String, of installed: ModelShelf.Installed, for use: String, asked: String) throws(DemoFailure) {
        guard installed.model.capabilities.contains(capability) else {
            throw DemoFailure(status: .badRequest, text: "\"\(asked)\" does not support \(use)")
        }
    }

    /// The known answer to a prompt.
    func plan(
        _ installed: ModelShelf.Installed, _ prompt: DemoPrompt, _ body: RequestBody, thinks: Bool, limit: Int?
    ) throws(DemoFailure) -> AnswerPlan {
        var prompt = prompt
        // A thinking model that is told not to think gets one more token that says so.
        if installed.model.capabilities.contains("thinking") { prompt.tokens += thinks ? 1 : 2 }
        if !installed.model.capabilities.contains("tools") { prompt.wantsTool = false }
        let reply = body.schema.map { SchemaSample.make($0).spacedText } ?? core.configuration.replyText
        return AnswerPlan(
            prompt: prompt, reply: reply, thinking: thinks ? core.configuration.thinkingText : nil,
            limit: limit, stops: body.stops, longLimit: core.configuration.longLimit)
    }

    /// Starts the generation, unless the prompt is longer than the context.
    func answer(
        _ installed: ModelShelf.Installed, _ plan: AnswerPlan, _ format: any AnswerFormat, isStream: Bool, context: Int? = nil,
        keepAlive: KeepAlive? = nil
    ) throws(DemoFailure) {
        let context = context.map { min($0, installed.model.contextLength) }
        let room = context ?? min(core.configuration.defaultContext, installed.model.contextLength)
        guard plan.promptTokens <= room else { throw Self.overflow(plan.promptTokens, room) }
        let order = Generation.Order(
            installed: installed, plan: plan, format: format, isStream: isStream, context: context, keepAlive: keepAlive)
        let generation = Generation(self, order)
        self.generation = generation
        generation.start()
    }

    /// The runner's own complaint, as a text in Ollama's error.
    private static func overflow(_ tokens: Int, _ room: Int) -> DemoFailure {
        let words = "request (\(tokens) tokens) exceeds the available context size (\(room) tokens), try increasing it"
        let complaint: JSONValue = [
            "error": [
                "code": 400, "message": .string(words),
                "type": "exceed_context_size_error", "n_prompt_tokens": .integer(Int64(tokens)), "n_ctx": .integer(Int64(room)),
            ]
        ]
        return DemoFailure(status: .badRequest, text: complaint.text)
    }

    /// Loads or unloads: one object, though streaming is the default.
    private func load(_ installed: ModelShelf.Installed, _ format: OllamaFormat, context: Int?, keepAlive: KeepAlive?) {
        if keepAlive == .seconds(0) {
            core.shelf.unload(installed)
            send(format.loadOnly("unload"))
            return
        }
        let needsLoad = core.shelf.needsLoad(installed, context: context)
        core.shelf.begin(installed, context: context, keepAlive: keepAlive)
        core.shelf.end(installed)
        let delay = needsLoad ? core.control.settings.loadTime : .zero
        guard delay > .zero else {
            send(format.loadOnly("load"))
            return
        }
        // The timer keeps the exchange alive; after the client left there is nobody to answer.
        self.context.eventLoop.assumeIsolated().scheduleTask(in: delay.timeAmount) {
            guard self.context.channel.isActive else { return }
            self.send(format.loadOnly("load"))
        }
    }

    /// Whether to think: as asked, else if the model can.
    func thinking(_ body: RequestBody, _ installed: ModelShelf.Installed, _ name: String) throws(DemoFailure) -> Bool {
        let can = installed.model.capabilities.contains("thinking")
        guard let field = body["think"] else { return can }
        let wants = field.bool ?? ["low", "medium", "high", "max"].contains(field.string ?? "")
        if wants, !can { throw DemoFailure(status: .badRequest, text: "\"\(name)\" does not support thinking") }
        return wants
    }

    /// `num_ctx`, after a look at the types of the other runner options.
    private func context(_ body: RequestBody) throws(DemoFailure) -> Int? {
        for key in [
            "num_batch", "num_gpu", "main_gpu", "num_thread", "num_keep", "seed", "num_predict", "top_k", "repeat_last_n",
        ] {
            _ = try body.option(key)
        }
        return try body.option("num_ctx").map { max($0, 4) }
    }

    private func logprobs(_ body: RequestBody) throws(DemoFailure) -> Int? {
        guard try body.bool("logprobs") ?? false else { return nil }
        return min(try body.integer("top_logprobs") ?? 0, 20)
    }
}
