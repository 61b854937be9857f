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
            let inner = JSON.make(["type": .string(anthropicType(error.status)), "message": .string(error.message)])
            return .make(["type": "error", "error": inner, "request_id": .string(ids.next("req_"))])
        case .openai:
            var inner = JSONObject()
            inner.add("message", .string(error.message))
            inner.add("type", .string(failure?.type ?? openaiType(error.status)))
            inner.add("param", failure?.rest["param"] ?? .null)
            inner.add("code", failure?.rest["code"] ?? .null)
            if let rest = failure?.rest { inner.merge(rest) }
            return .make(["error": .object(inner)])
        }
    }

    private static func openaiType(_ status: Int) -> String {
        switch status {
        case 404: "not_found_error"
        case 400..<500: "invalid_request_error"
        default: "api_error"
        }
    }

    private static func anthropicType(_ status: Int) -> String {
        switch status {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 400..<500: "invalid_request_error"
        case 503, 529: "overloaded_error"
        default: "api_error"
        }
    }
}
