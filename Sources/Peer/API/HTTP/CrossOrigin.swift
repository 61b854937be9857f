import HTTPTypes
import Hummingbird

/// What lets a web page of an allowed origin read answers, as Ollama does it. Foreign origins never come here: the front handler
/// refuses them on both lanes.
enum CrossOrigin {
    /// How long a browser keeps the answer to a preflight, seconds.
    static let maximumAge = 43_200

    /// Adds the origin to an answer.
    static func allow(_ request: Request, _ response: inout Response) {
        guard let origin = request.headers[.origin] else { return }
        response.headers[.accessControlAllowOrigin] = origin
        guard request.method == .options, request.headers[.accessControlRequestMethod] != nil else {
            response.headers[.vary] = "Origin"
            return
        }
        response.headers[.accessControlAllowMethods] = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"
        response.headers[.accessControlAllowHeaders] = headers
        response.headers[.accessControlMaxAge] = String(maximumAge)
        response.headers[.vary] = "Access-Control-Request-Headers"
    }

    /// What OpenAI's browser library sends, and what programs that read the fleet's pages send.
    private static let headers =
        (["Authorization", "Content-Type", "User-Agent", "Accept", "X-Requested-With", "Openai-Beta"]
        + [
            "Arch", "Async", "Custom-Poll-Interval", "Helper-Method", "Lang", "Os", "Package-Version", "Poll-Helper",
            "Retry-Count",
            "Runtime", "Runtime-Version", "Timeout",
        ].map { "X-Stainless-\($0)" }).joined(separator: ",")
}
