/// What an engine says of its own failure, whichever shape it uses.
struct EngineFailure: Sendable, Hashable {
    /// The HTTP status; 500 for an error in the middle of a stream that names none.
    var status: Int
    /// The engine's words.
    var message: String
    /// Its type as the engine names it.
    var type: String?
    /// `param` and `code` as they came.
    var rest = JSONObject()

    /// Reads the body of an answer with an error status.
    init(status: Int, body: [UInt8], limits: TranslationLimits) {
        if let json = try? JSONParser.parse(body, limits: limits),
            let found = EngineFailure(json, status: status, limits: limits)
        {
            self = found
            return
        }
        let text = String(decoding: body.prefix(2_048), as: UTF8.self)
        let trimmed = String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        self.status = status
        message = trimmed.isEmpty ? "the engine answered with status \(status) and no words" : trimmed
    }

    /// Reads an error object: OpenAI's, Ollama's, Anthropic's, vLLM's older one without `error`, or FastAPI's `detail`. Nil for
    /// anything else.
    init?(_ json: JSON, status: Int = 500, limits: TranslationLimits) {
        if let error = json["error"]?.object {
            self.init(error, status: status)
        } else if json["object"]?.string == "error", let error = json.object {
            self.init(error, status: status)
        } else if let text = json["error"]?.string {
            self.init(text: text, status: status, limits: limits)
        } else if let value = json["error"] ?? json["detail"] {
            self.init(status: status, message: value.string ?? value.text)
        } else {
            return nil
        }
    }

    private init(status: Int, message: String) {
        self.status = status
        self.message = message
    }

    /// Ollama hands on the error of the server behind it as text that is JSON again.
    private init(text: String, status: Int, limits: TranslationLimits) {
        if text.utf8.first == UInt8(ascii: "{"), let inner = try? JSONParser.parse(Array(text.utf8), limits: limits),
            let error = inner["error"]?.object
        {
            self.init(error, status: status)
        } else {
            self.init(status: status, message: text)
        }
    }

    private init(_ error: JSONObject, status: Int) {
        self.status = status
        message = error["message"]?.string ?? JSON.object(error).text
        type = error["type"]?.string
        for key in ["param", "code", "n_prompt_tokens", "n_ctx"] { rest.add(key, error[key]) }
        if status == 500, let code = error["code"]?.integer, (400...599).contains(code) { self.status = Int(code) }
    }

    var error: TranslationError { TranslationError(kind: .engineFailed, status: status, message: message) }
}
