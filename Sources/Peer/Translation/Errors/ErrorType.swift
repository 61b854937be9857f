/// The names that errors have by their status.
public enum ErrorType {
    /// OpenAI's, as Ollama uses them.
    public static func openai(_ status: Int) -> String {
        switch status {
        case 404: "not_found_error"
        case 400..<500: "invalid_request_error"
        default: "api_error"
        }
    }

    /// Anthropic's, as its API documents them.
    public static func anthropic(_ status: Int) -> String {
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
