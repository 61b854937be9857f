/// How the end of an HTTP/1 response body is marked (RFC 9112 §6.3).
enum BodyFraming: Equatable {
    /// There is no body: 204, 304.
    case none
    /// So many bytes.
    case length(Int)
    /// Chunks; the zero-length one is the last.
    case chunked
    /// All until the connection closes.
    case untilClose
}
