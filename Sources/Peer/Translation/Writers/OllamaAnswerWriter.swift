/// Writes answers of `/api/chat` and `/api/generate`: one object, or a line for each event (api-contracts §1.1).
struct OllamaAnswerWriter: AnswerWriter {
    private let setting: AnswerSetting
    private var text = ""
    private var thinking = ""
    private var logprobs: [JSON] = []
    private var calls: CallAssembler
    private var kept: KeptBytes
    private var usage = TokenUsage()
    private var timings = Timings()
    private var reason: FinishReason?
    private var firstAt: Duration?
    private var ids: IDMaker

    init(_ setting: AnswerSetting) {
        self.setting = setting
        calls = CallAssembler(limits: setting.limits)
        kept = KeptBytes(limit: setting.limits.maximumKeptBytes)
        ids = IDMaker(seed: setting.context.idSeed)
    }

    mutating func take(_ event: AnswerEvent, at elapsed: Duration, to output: inout [UInt8]) throws(TranslationError) {
        switch event {
        case .thinking(let more):
            firstAt = firstAt ?? elapsed
            if setting.streams { return line(text: "", thinking: more, at: elapsed, to: &output) }
            try kept.add(more)
            thinking += more
        case .text(let more), .refusal(let more):
            firstAt = firstAt ?? elapsed
            if setting.streams { return line(text: more, thinking: "", at: elapsed, to: &output) }
            try kept.add(more)
            text += more
        case .call(let piece):
            firstAt = firstAt ?? elapsed
            try calls.add(piece)
        case .logprobs(let list):
            guard logprobs.count + list.count <= setting.limits.maximumValues else {
                throw .tooLarge("the engine's answer has too many probabilities")
            }
            logprobs += list
        case .finished(let why): reason = why
        case .usage(let count): usage = count
        case .timings(let times): timings = times
        case .failed(let failure): throw failure.error
        case .ended: try end(at: elapsed, to: &output)
        }
    }

    mutating func abort(_ error: TranslationError, at elapsed: Duration) -> [UInt8] {
        JSON.make(["error": .string(error.message)]).bytes + [0x0A]
    }

    private mutating func end(at elapsed: Duration, to output: inout [UInt8]) throws(TranslationError) {
        var list: [JSON] = []
        for (index, call) in try calls.whole(reason: reason).enumerated() {
            let function = JSON.make(["index": .integer(index), "name": .string(call.name), "arguments": call.arguments])
            list.append(.make(["id": .string(call.id ?? ids.next("call_")), "function": function]))
        }
        if setting.streams, !list.isEmpty {
            line(text: "", thinking: "", calls: list, at: elapsed, to: &output)
            list = []
        }
        var object = start(at: elapsed)
        add(text: text, thinking: thinking, calls: list, to: &object)
        object.add("done", true)
        object.add("done_reason", .string((reason ?? .stop).ollama))
        if !logprobs.isEmpty { object.add("logprobs", .array(logprobs)) }
        figures(at: elapsed, to: &object)
        JSON.object(object).write(to: &output)
        if setting.streams { output.append(0x0A) }
    }

    /// Durations in nanoseconds: the engine's, else what was seen from here. Those that are zero are left out, as Ollama does.
    private func figures(at elapsed: Duration, to object: inout JSONObject) {
        let total = Self.nanoseconds(elapsed)
        let first = Self.nanoseconds(setting.streams ? firstAt ?? elapsed : .zero)
        func add(_ key: String, _ value: Int64?) { if let value, value > 0 { object.add(key, .integer(value)) } }
        add("total_duration", total)
        add("load_duration", timings.load)
        add("prompt_eval_count", usage.prompt)
        add("prompt_eval_duration", timings.prompt ?? first)
        add("eval_count", usage.completion)
        add("eval_duration", timings.generation ?? (total - first))
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return max(0, min(seconds, 4_000_000_000)) * 1_000_000_000 + max(0, attoseconds) / 1_000_000_000
    }

    private mutating func line(
        text: String, thinking: String, calls: [JSON] = [], at elapsed: Duration, to output: inout [UInt8]
    ) {
        var object = start(at: elapsed)
        add(text: text, thinking: thinking, calls: calls, to: &object)
        object.add("done", false)
        if !logprobs.isEmpty, !text.isEmpty {
            object.add("logprobs", .array(logprobs))
            logprobs = []
        }
        JSON.object(object).write(to: &output)
        output.append(0x0A)
    }

    private func start(at elapsed: Duration) -> JSONObject {
        var object = JSONObject()
        object.add("model", .string(setting.model))
        object.add("created_at", .string(setting.time(elapsed).text))
        return object
    }

    private func add(text: String, thinking: String, calls: [JSON], to object: inout JSONObject) {
        let thought: JSON? = thinking.isEmpty ? nil : .string(thinking)
        let list: JSON? = calls.isEmpty ? nil : .array(calls)
        if setting.route == .ollamaGenerate {
            object.add("response", .string(text))
            object.add("thinking", thought)
            object.add("tool_calls", list)
        } else {
            object.add(
                "message",
                .make(["role": "assistant", "content": .string(text), "thinking": thought, "tool_calls": list]))
        }
    }
}
