/// What is wrong with a request's framing; the connection ends with it.
enum RequestFramingError: Error, Equatable {
    /// The request line, a header line or a chunk is not HTTP/1.
    case malformed(String)
    /// The length is said twice, or in two ways (RFC 9112 §6.3).
    case contradictoryLength
    /// A transfer coding other than `chunked`.
    case unknownCoding
    /// The head is larger than ``RequestFramer/maximumHead``.
    case headTooLarge

    /// The status that answers it.
    var status: Int {
        switch self {
        case .malformed, .contradictoryLength: 400
        case .unknownCoding: 501
        case .headTooLarge: 431
        }
    }

    /// The same in words.
    var words: String {
        switch self {
        case .malformed(let what): "malformed HTTP request: \(what)"
        case .contradictoryLength: "contradictory Content-Length"
        case .unknownCoding: "malformed HTTP request: the only transfer coding taken here is chunked"
        case .headTooLarge: "the request's head is larger than \(RequestFramer.maximumHead) bytes: send fewer or shorter headers"
        }
    }
}
