/// In whose words an error is said.
enum Dialect: Sendable, Hashable {
    case native
    case openAI
    case anthropic

    /// The dialect of a path.
    init(path: String) {
        self = path.hasPrefix("/v1/messages") ? .anthropic : path.hasPrefix("/v1/") ? .openAI : .native
    }

    /// The error's body.
    func body(_ failure: DemoFailure, requestID: String) -> JSONValue {
        switch self {
        case .native: ["error": .string(failure.text)]
        case .openAI:
            ["error": ["message": .string(failure.text), "type": .string(failure.openAIType), "param": nil, "code": nil]]
        case .anthropic:
            [
                "type": "error", "error": ["type": .string(failure.anthropicType), "message": .string(failure.text)],
                "request_id": .string(requestID),
            ]
        }
    }

    /// The error's content type; what the engine's outer layer finds carries a character set on `/v1`.
    func contentType(_ failure: DemoFailure) -> String {
        if let type = failure.contentType { return type }
        return self == .native || failure.isEarly ? "application/json; charset=utf-8" : "application/json"
    }
}
