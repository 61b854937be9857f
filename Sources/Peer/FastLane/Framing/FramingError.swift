/// Why an upstream's bytes are not an HTTP/1 response.
enum FramingError: Error, Equatable {
    /// The head has more than `ResponseFramer.maximumHead` bytes.
    case headTooLarge
    /// The status line or a header line is malformed.
    case badHead
    /// Two different lengths, or a transfer coding that nobody knows.
    case badFraming
    /// A chunk's size line or end is malformed.
    case badChunk
    /// The connection closed within the response.
    case cutOff

    /// In words, for error texts and traces.
    var words: String {
        switch self {
        case .headTooLarge: "its response head is too large"
        case .badHead: "its response head is malformed"
        case .badFraming: "its response has contradictory framing"
        case .badChunk: "its response has a malformed chunk"
        case .cutOff: "it closed the connection within the response"
        }
    }
}
