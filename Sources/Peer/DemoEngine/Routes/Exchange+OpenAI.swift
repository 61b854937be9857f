extension Exchange {
    func openAIChat() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "ChatCompletionRequest")
        let messages = try body.messages()
        guard !messages.isEmpty else { throw .early("[] is too short - 'messages'") }
        let name = try body.string("model") ?? ""
        guard !name.isEmpty else { throw .modelRequired }
        let installed = try find(name)
        try require("completion", of: installed, for: "chat", asked: name)
        let prompt = DemoPrompt(messages: messages, toolsJSON: body.toolsText)
        let plan = try plan(installed, prompt, body, thinks: effort(body, installed), limit: body.integer("max_tokens"))
        let format = OpenAIChatFormat(
            id: "chatcmpl-\(core.nextNumber() % 999)", created: WallTime.now.seconds, model: name,
            sendsUsage: body["stream_options"]?["include_usage"]?.bool ?? false)
        try answer(installed, plan, format, isStream: body.bool("stream") ?? false)
    }

    func openAICompletion() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "CompletionRequest")
        let name = try body.string("model") ?? ""
        guard !name.isEmpty else { throw .modelRequired }
        let text = body["prompt"]?.string ?? body["prompt"]?.array?.compactMap(\.string).joined() ?? ""
        let installed = try find(name)
        try require("completion", of: installed, for: "generate", asked: name)
        let prompt = DemoPrompt(messages: [(role: "user", content: text)], toolsJSON: nil)
        let plan = try plan(installed, prompt, body, thinks: false, limit: body.integer("max_tokens"))
        let format = OpenAICompletionFormat(
            id: "cmpl-\(core.nextNumber() % 999)", created: WallTime.now.seconds, model: name,
            sendsUsage: body["stream_options"]?["include_usage"]?.bool ?? false)
        try answer(installed, plan, format, isStream: body.bool("stream") ?? false)
    }

    func responses() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "ResponsesRequest")
        let name = try body.string("model") ?? ""
        guard !name.isEmpty else { throw .modelRequired }
        let installed = try find(name)
        try require("completion", of: installed, for: "chat", asked: name)
        var messages: [(role: String, content: String)] = []
        if let instructions = try body.string("instructions") { messages.append((role: "system", content: instructions)) }
        if let text = body["input"]?.string { messages.append((role: "user", content: text)) }
        for item in body["input"]?.array ?? [] {
            let content = item["content"]
            let text = content?.string ?? (content?.array ?? []).compactMap { $0["text"]?.string }.joined()
            let isResult = item["type"]?.string == "function_call_output"
            messages.append((role: isResult ? "tool" : item["role"]?.string ?? "user", content: text))
        }
        let prompt = DemoPrompt(messages: messages, toolsJSON: Self.chatTools(body, schema: "parameters"))
        let plan = try plan(installed, prompt, body, thinks: effort(body, installed), limit: body.integer("max_output_tokens"))
        let format = ResponsesFormat(
            number: core.nextNumber(), created: WallTime.now.seconds, model: name, instructions: body["instructions"] ?? nil,
            maximumOutput: body["max_output_tokens"] ?? nil, tools: Self.responseTools(body))
        try answer(installed, plan, format, isStream: body.bool("stream") ?? false)
    }

    func messages() throws(DemoFailure) {
        let body = try RequestBody(self, structure: "MessagesRequest")
        let name = try body.string("model") ?? ""
        guard !name.isEmpty else { throw .early("model is required") }
        guard let limit = try body.integer("max_tokens"), limit > 0 else {
            throw .early("max_tokens is required and must be positive")
        }
        let list = try body.messages()
        guard !list.isEmpty else { throw .early("messages is required") }
        let installed = try find(name)
        try require("completion", of: installed, for: "chat", asked: name)
        let system = body["system"]?.string ?? body["system"]?.array?.compactMap { $0["text"]?.string }.joined()
        var messages = system.map { [(role: "system", content: $0)] + list } ?? list
        let last = body["messages"]?.array?.last?["content"]?.array ?? []
        if last.contains(where: { $0["type"]?.string == "tool_result" }) { messages.append((role: "tool", content: "")) }
        let tools = Self.chatTools(body, schema: "input_schema")
        let prompt = DemoPrompt(messages: messages, toolsJSON: tools)
        let wantsThinking = body["thinking"]?["type"]?.string != "disabled"
        let thinks = wantsThinking && installed.model.capabilities.contains("thinking")
        let plan = try plan(installed, prompt, body, thinks: thinks, limit: limit)
        // The estimate of a real server is poor, except when tools were rendered.
        let format = AnthropicFormat(
            id: "msg_" + hexID(24), model: name, estimatedTokens: plan.isToolCall ? plan.promptTokens : 1)
        try answer(installed, plan, format, isStream: body.bool("stream") ?? false)
    }

    /// `reasoning_effort` or `reasoning.effort`: off for `none`.
    private func effort(_ body: RequestBody, _ installed: ModelShelf.Installed) throws(DemoFailure) -> Bool {
        let can = installed.model.capabilities.contains("thinking")
        guard let effort = try body.string("reasoning_effort") ?? body["reasoning"]?["effort"]?.string else { return can }
        guard ["none", "minimal", "low", "medium", "high", "max", "xhigh", "ultra"].contains(effort) else {
            throw .early("invalid reasoning value: '\(effort)' (must be \"high\", \"medium\", \"low\", \"max\", or \"none\")")
        }
        return can && effort != "none"
    }

    /// Tools of the other APIs in the shape of chat tools, as they reach the template.
    private static func chatTools(_ body: RequestBody, schema: String) -> String? {
        guard let tools = body["tools"]?.array, !tools.isEmpty else { return nil }
        return tools.map { tool in
            let function = JSONValue.present([
                "name": tool["name"], "description": tool["description"], "parameters": tool[schema],
            ])
            return JSONValue.object([.init(key: "type", value: "function"), .init(key: "function", value: function)]).spacedText
        }.joined()
    }

    private static func responseTools(_ body: RequestBody) -> JSONValue {
        .array(
            (body["tools"]?.array ?? []).map { tool in
                [
                    "type": "function", "name": tool["name"] ?? "", "description": tool["description"] ?? nil,
                    "strict": tool["strict"] ?? nil, "parameters": tool["parameters"] ?? [:],
                ]
            })
    }
}
