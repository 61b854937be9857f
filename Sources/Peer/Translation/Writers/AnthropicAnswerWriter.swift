/// Writes answers of Anthropic's Messages API: one message, or the events of a stream.
struct AnthropicAnswerWriter: AnswerWriter {
    /// What the content block that is being written is.
    private enum Block: Sendable, Hashable {
        case thinking, text
        case call(Int)
    }

    private let setting: AnswerSetting
    private let id: String
    private var ids: IDMaker
    private var kept: KeptBytes
    private var started = false
    private var block: Block?
    /// The block's id and name, of a tool call.
    private var callID = ""
    private var callName = ""
    /// The block's text or arguments; only for whole messages, except that arguments are counted in streams.
    private var text = ""
    private var argumentBytes = 0
    private var index = 0
    private var calls = 0
    private var lastCall = -1
    private var blocks: [JSON] = []
    private var usage = TokenUsage()
    private var reason: FinishReason?

    init(_ setting: AnswerSetting) {
        self.setting = setting
        ids = IDMaker(seed: setting.context.idSeed)
        id = ids.next("msg_")
        kept = KeptBytes(limit: setting.limits.maximumKeptBytes)
    }

    mutating func take(_ event: AnswerEvent, at elapsed: Duration, to output: inout [UInt8]) throws(TranslationError) {
        switch event {
        case .thinking(let more):
            try open(.thinking, to: &output)
            try add(more, "thinking_delta", "thinking", to: &output)
        case .text(let more), .refusal(let more):
            try open(.text, to: &output)
            try add(more, "text_delta", "text", to: &output)
        case .call(let piece): try take(piece, to: &output)
        case .logprobs, .timings: break
        case .finished(let why): reason = why
        case .usage(let count): usage = count
        case .failed(let failure): throw failure.error
        case .ended: try end(to: &output)
        }
    }

    mutating func abort(_ error: TranslationError, at elapsed: Duration) -> [UInt8] {
        var output: [UInt8] = []
        SSEWriter.write("error", ErrorBody.json(error, family: .anthropic, ids: &ids), to: &output)
        return output
    }

    private mutating func take(_ piece: CallPiece, to output: inout [UInt8]) throws(TranslationError) {
        if block != .call(piece.index) {
            guard let name = piece.name, !name.isEmpty else { throw .badAnswer("the engine sent a tool call without a name") }
            guard piece.index > lastCall else {
                throw .badAnswer("the engine sent more of a tool call after it had begun another one")
            }
            guard calls < setting.limits.maximumCalls else {
                throw .tooLarge("the engine's answer has more than \(setting.limits.maximumCalls) tool calls")
            }
            callName = name
            callID = piece.id ?? ids.next("toolu_")
            calls += 1
            lastCall = piece.index
            argumentBytes = 0
            try open(.call(piece.index), to: &output)
        }
        argumentBytes += piece.arguments.utf8.count
        guard argumentBytes <= setting.limits.maximumArgumentBytes else {
            throw .tooLarge("the arguments of a tool call are longer than \(setting.limits.maximumArgumentBytes) bytes")
        }
        guard !piece.arguments.isEmpty else { return }
        try add(piece.arguments, "input_json_delta", "partial_json", to: &output)
    }

    // MARK: Blocks

    private mutating func start(to output: inout [UInt8]) {
        guard !started else { return }
        started = true
        guard setting.streams else { return }
        let usage = JSON.make(["input_tokens": .integer(setting.estimatedTokens), "output_tokens": 0])
        let message = self.message(content: [], reason: .null, word: .null, usage: usage)
        SSEWriter.write("message_start", .make(["type": "message_start", "message": message]), to: &output)
        SSEWriter.write("ping", .make(["type": "ping"]), to: &output)
    }

    private mutating func open(_ wanted: Block, to output: inout [UInt8]) throws(TranslationError) {
        guard block != wanted else { return }
        start(to: &output)
        try close(to: &output)
        block = wanted
        guard setting.streams else { return }
        let event = JSON.make([
            "type": "content_block_start", "index": .integer(index),
            "content_block": content(text: "", input: .object(JSONObject())),
        ])
        SSEWriter.write("content_block_start", event, to: &output)
    }

    private mutating func add(
        _ more: String, _ type: String, _ key: String, to output: inout [UInt8]
    ) throws(TranslationError) {
        guard setting.streams else {
            try kept.add(more)
            return text += more
        }
        let delta = JSONObject(members: [.init(key: "type", value: .string(type)), .init(key: key, value: .string(more))])
        let event = JSON.make(["type": "content_block_delta", "index": .integer(index), "delta": .object(delta)])
        SSEWriter.write("content_block_delta", event, to: &output)
    }

    private mutating func close(to output: inout [UInt8]) throws(TranslationError) {
        guard let open = block else { return }
        if setting.streams {
            SSEWriter.write(
                "content_block_stop", .make(["type": "content_block_stop", "index": .integer(index)]), to: &output)
        } else if case .call = open {
            if let input = ToolCall.object(text, limits: setting.limits) {
                blocks.append(content(text: "", input: input))
            } else if reason == .length {
                // A call that the answer's length cut off is left out.
                calls -= 1
            } else {
                throw .badAnswer("the arguments of the engine's call of `\(callName.prefix(60))` are not a JSON object")
            }
        } else {
            blocks.append(content(text: text, input: .null))
        }
        block = nil
        text = ""
        index += 1
    }

    private func content(text: String, input: JSON) -> JSON {
        switch block {
        case .thinking: .make(["type": "thinking", "thinking": .string(text), "signature": ""])
        case .call: .make(["type": "tool_use", "id": .string(callID), "name": .string(callName), "input": input])
        case .text, nil: .make(["type": "text", "text": .string(text)])
        }
    }

    // MARK: The end

    private mutating func end(to output: inout [UInt8]) throws(TranslationError) {
        start(to: &output)
        try close(to: &output)
        let (why, word) = stop
        guard setting.streams else {
            return message(content: blocks, reason: why, word: word, usage: finalUsage).write(to: &output)
        }
        let delta = JSON.make(["stop_reason": why, "stop_sequence": word])
        let event = JSON.make(["type": "message_delta", "delta": delta, "usage": finalUsage])
        SSEWriter.write("message_delta", event, to: &output)
        SSEWriter.write("message_stop", .make(["type": "message_stop"]), to: &output)
    }

    private var stop: (reason: JSON, word: JSON) {
        switch reason {
        case .length: ("max_tokens", .null)
        case .contentFilter: ("refusal", .null)
        case .stopWord(let word) where calls == 0: ("stop_sequence", .string(word))
        default: (calls > 0 ? "tool_use" : "end_turn", .null)
        }
    }

    /// The prompt without what was found in a cache, as Anthropic counts.
    private var finalUsage: JSON {
        let prompt = usage.prompt ?? Int64(setting.estimatedTokens)
        let cached = usage.cached.map { max(0, min($0, prompt)) }
        return .make([
            "input_tokens": .integer(prompt - (cached ?? 0)), "cache_read_input_tokens": cached.map { .integer($0) },
            "output_tokens": .integer(usage.completion ?? 0),
        ])
    }

    private func message(content: [JSON], reason: JSON, word: JSON, usage: JSON) -> JSON {
        .make([
            "id": .string(id), "type": "message", "role": "assistant", "model": .string(setting.model),
            "content": .array(content), "stop_reason": reason, "stop_sequence": word, "usage": usage,
        ])
    }
}
