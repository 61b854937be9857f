/// Reads answers of OpenAI's chat and completions: whole ones and the chunks of a stream.
struct OpenAIAnswerReader: Sendable {
    private let limits: TranslationLimits
    /// The tool call that came last, and how many there are.
    private var lastCall = -1
    private var hasUsage = false

    init(limits: TranslationLimits) { self.limits = limits }

    /// What one event of the stream says.
    mutating func chunk(_ data: [UInt8]) throws(TranslationError) -> [AnswerEvent] {
        if data.starts(with: "[DONE]".utf8) { return [.ended] }
        if data.isEmpty { return [] }
        let json: JSON
        do throws(JSONError) {
            json = try JSONParser.parse(data, limits: limits)
        } catch {
            throw .badAnswer("the engine sent an event that is not JSON: \(error.message) (byte \(error.offset))")
        }
        return read(json, whole: false)
    }

    /// What a whole answer says.
    mutating func whole(_ body: [UInt8]) throws(TranslationError) -> [AnswerEvent] {
        let json: JSON
        do throws(JSONError) {
            json = try JSONParser.parse(body, limits: limits)
        } catch {
            throw .badAnswer("the engine's answer is not JSON: \(error.message) (byte \(error.offset))")
        }
        guard json["choices"]?.array != nil || json["error"] != nil || json["object"]?.string == "error" else {
            throw .badAnswer("the engine's answer has no `choices`")
        }
        return read(json, whole: true) + [.ended]
    }

    private mutating func read(_ json: JSON, whole: Bool) -> [AnswerEvent] {
        if json["choices"] == nil, let failure = EngineFailure(json, limits: limits) { return [.failed(failure)] }
        if json["error"] != nil, let failure = EngineFailure(json, limits: limits) { return [.failed(failure)] }
        var events: [AnswerEvent] = []
        // Nobody asks for more than one answer: a dialect that could has a translation of its own.
        let choice = json["choices"]?.array?.first { $0["index"]?.integer ?? 0 == 0 }
        if let choice {
            if let list = choice["logprobs"]?["content"]?.array, !list.isEmpty { events.append(.logprobs(list)) }
            if let message = choice[whole ? "message" : "delta"] ?? choice["message"] { read(message: message, to: &events) }
            if let text = choice["text"]?.string, !text.isEmpty { events.append(.text(text)) }
            if let reason = choice["finish_reason"]?.string {
                if reason == "stop", let word = choice["stop_reason"]?.string {
                    events.append(.finished(.stopWord(word)))
                } else {
                    events.append(.finished(FinishReason(reason)))
                }
            }
        }
        if let usage = json["usage"], usage.object != nil {
            hasUsage = true
            events.append(.usage(TokenUsage(openai: usage)))
        }
        if let timings = json["timings"], timings.object != nil {
            if !hasUsage { events.append(.usage(TokenUsage(timings: timings))) }
            events.append(.timings(Timings(llamacpp: timings)))
        }
        return events
    }

    private mutating func read(message: JSON, to events: inout [AnswerEvent]) {
        // vLLM calls it `reasoning` since 0.12, Ollama always did; the others say `reasoning_content`.
        if let text = message["reasoning_content"]?.string ?? message["reasoning"]?.string, !text.isEmpty {
            events.append(.thinking(text))
        }
        switch message["content"] {
        case .string(let text): if !text.isEmpty { events.append(.text(text)) }
        case .array(let parts):
            for part in parts {
                if let text = part["text"]?.string, !text.isEmpty { events.append(.text(text)) }
            }
        default: break
        }
        if let text = message["refusal"]?.string, !text.isEmpty { events.append(.refusal(text)) }
        for call in message["tool_calls"]?.array ?? [] { events.append(.call(piece(of: call))) }
    }

    private mutating func piece(of call: JSON) -> CallPiece {
        let id = call["id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let name = call["function"]?["name"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let index: Int
        if let given = call["index"]?.integer, given >= 0, given < 1 << 20 {
            index = Int(given)
        } else {
            // An engine that does not count: a name begins a call, anything else goes on with the last one.
            index = name != nil ? lastCall + 1 : max(0, lastCall)
        }
        lastCall = max(lastCall, index)
        let arguments: String
        switch call["function"]?["arguments"] {
        case nil: arguments = ""
        case .string(let text): arguments = text
        case .some(let value): arguments = value.text
        }
        return CallPiece(index: index, id: id, name: name, arguments: arguments)
    }
}
