import NIOHTTP1

/// An error answer.
struct DemoFailure: Error, Sendable {
    var status: HTTPResponseStatus
    var text: String
    /// Found before the request was looked at closely: bad JSON, missing fields.
    var isEarly = false
    /// Where the content type is unlike the dialect's.
    var contentType: String?
    /// Sent in chunks, as by a handler that had begun a stream.
    var isChunked = false

    static let modelRequired = DemoFailure(status: .badRequest, text: "model is required")
    static let invalidName = DemoFailure(status: .badRequest, text: "invalid model name")
    static let busy = DemoFailure(
        status: .serviceUnavailable, text: "server busy, please try again.  maximum pending requests exceeded")
    static let runnerDied = DemoFailure(
        status: .internalServerError, text: "an error was encountered while running the model: unexpected EOF")

    static func early(_ text: String) -> DemoFailure { DemoFailure(status: .badRequest, text: text, isEarly: true) }

    static func notFound(_ name: String) -> DemoFailure { DemoFailure(status: .notFound, text: "model '\(name)' not found") }

    static func pullFirst(_ name: String) -> DemoFailure {
        DemoFailure(status: .notFound, text: "model \"\(name)\" not found, try pulling it first")
    }

    var openAIType: String {
        switch status {
        case .badRequest: "invalid_request_error"
        case .notFound: "not_found_error"
        default: "api_error"
        }
    }

    var anthropicType: String {
        switch status {
        case .badRequest: "invalid_request_error"
        case .unauthorized: "authentication_error"
        case .forbidden: "permission_error"
        case .notFound: "not_found_error"
        case .tooManyRequests: "rate_limit_error"
        case .serviceUnavailable: "overloaded_error"
        default: "api_error"
        }
    }
}
