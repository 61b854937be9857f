/// OpenAI's error object; `param` and `code` are null, not missing.
struct OpenAIErrorBody: Encodable {
    /// What went wrong.
    struct Detail: Encodable {
        let message: String
        let type: String

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(message, forKey: .message)
            try container.encode(type, forKey: .type)
            try container.encodeNil(forKey: .param)
            try container.encodeNil(forKey: .code)
        }

        private enum Key: String, CodingKey { case message, type, param, code }
    }

    let error: Detail
}
