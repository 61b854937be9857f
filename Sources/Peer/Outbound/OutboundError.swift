/// Why a request to the outside failed. Texts name scheme, host and port at most: never a path, a header or a body.
public enum OutboundError: Error, Hashable, Sendable {
    /// The request is not one that may be sent; the text says why.
    case badRequest(String)
    /// Nothing listens there.
    case connectionRefused(place: String)
    /// No way leads there.
    case unreachable(place: String)
    /// The name has no address.
    case hostNotFound(place: String)
    /// No connection within the limit.
    case connectTimedOut(place: String)
    /// No whole answer within the limit.
    case timedOut(place: String)
    /// The body is larger than the request allowed.
    case tooLarge(place: String, limit: Int)
    /// The connection ended in the middle of the answer.
    case cutShort(place: String)
    /// What came is not HTTP.
    case notHTTP(place: String)
    /// The server's certificate cannot be trusted; the text is libcurl's.
    case certificate(place: String, reason: String)
    /// Encryption failed; the text is libcurl's.
    case tls(place: String, reason: String)
    /// Anything else; the text is libcurl's.
    case failed(place: String, reason: String)
    /// As many requests run as may.
    case tooMany
    /// The caller's task was cancelled.
    case cancelled
    /// The client was closed.
    case closed
}

extension OutboundError: CustomStringConvertible {
    /// The failure as a sentence without a full stop.
    public var description: String {
        switch self {
        case .badRequest(let reason): reason
        case .connectionRefused(let place): "nothing listens at \(place) (connection refused)"
        case .unreachable(let place): "there is no way to \(place) (host or network unreachable)"
        case .hostNotFound(let place): "the host name in \(place) has no address"
        case .connectTimedOut(let place): "\(place) took no connection in time"
        case .timedOut(let place): "\(place) did not answer in time"
        case .tooLarge(let place, let limit): "\(place) answered with more than the \(limit) bytes that are allowed"
        case .cutShort(let place): "\(place) closed the connection in the middle of its answer"
        case .notHTTP(let place): "what \(place) answers is not HTTP"
        case .certificate(let place, let reason): "the certificate of \(place) cannot be trusted: \(reason)"
        case .tls(let place, let reason): "no safe connection to \(place): \(reason)"
        case .failed(let place, let reason): "the request to \(place) failed: \(reason)"
        case .tooMany: "too many requests to the outside run at once: try again"
        case .cancelled: "the request was cancelled"
        case .closed: "the HTTP client is closed"
        }
    }
}
