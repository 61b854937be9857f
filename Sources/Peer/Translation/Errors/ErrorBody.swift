/// Errors as each family of clients reads them (api-contracts §1.4, §2.1).
enum ErrorBody {
    /// The whole body.
    ///
    /// - Parameter ids: for Anthropic's `request_id`.
    static func json(
        _ error: TranslationError, family: ClientRoute.Family, failure: EngineFailure? = nil, ids: inout IDMaker
    ) -> JSON {
        switch family {
        case .ollama: return .make(["error": .string(error.message)])
        case .anthropic:
            let inner = JSON.make(["type": .string(ErrorType.anthropic(error.status)), "message": .string(error.message)])
            return .make(["type": "error", "error": inner, "request_id": .string(ids.next("req_"))])
        case .openai:
            var inner = JSONObject()
            inner.add("message", .string(error.message))
            inner.add("type", .string(failure?.type ?? ErrorType.openai(error.status)))
            inner.add("param", failure?.rest["param"] ?? .null)
            inner.add("code", failure?.rest["code"] ?? .null)
            if let rest = failure?.rest { inner.merge(rest) }
            return .make(["error": .object(inner)])
        }
    }
}
