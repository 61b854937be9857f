/// Reads answers of Ollama's chat: whole ones and the lines of a stream.
struct OllamaAnswerReader: Sendable {
    private let limits: TranslationLimits
    private var calls = 0

    init(limits: TranslationLimits) { self.limits = limits }

    /// What one line, or a whole answer, says.
    mutating func line(_ bytes: ArraySlice<UInt8>) throws(TranslationError) -> [AnswerEvent] {
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return [] }
        let json: JSON
        do throws(JSONError) {
            json = try JSONParser.parse(bytes, limits: limits)
        } catch {
            throw .badAnswer("the engine sent a line that is not JSON: \(error.message) (byte \(error.offset))")
        }
        if json["error"] != nil, let failure = EngineFailure(json, limits: limits) { return [.failed(failure)] }
        guard json.object != nil else { throw .badAnswer("the engine sent a line that is \(json.kind), not an object") }
        var events: [AnswerEvent] = []
        if let list = json["logprobs"]?.array, !list.isEmpty { events.append(.logprobs(list)) }
        let message = json["message"]
        if let text = message?["thinking"]?.string, !text.isEmpty { events.append(.thinking(text)) }
        if let text = message?["content"]?.string, !text.isEmpty { events.append(.text(text)) }
        for call in message?["tool_calls"]?.array ?? [] {
            let function = call["function"]
            let arguments = function?["arguments"] ?? .object(JSONObject())
            events.append(
                .call(
                    CallPiece(
                        index: calls, id: call["id"]?.string.flatMap { $0.isEmpty ? nil : $0 },
                        name: function?["name"]?.string ?? "", arguments: arguments.string ?? arguments.text)))
            calls += 1
        }
        if json["done"]?.bool == true {
            events.append(.finished(FinishReason(json["done_reason"]?.string ?? "stop")))
            events.append(.usage(TokenUsage(ollama: json)))
            events.append(.timings(Timings(ollama: json)))
            events.append(.ended)
        }
        return events
    }
}
