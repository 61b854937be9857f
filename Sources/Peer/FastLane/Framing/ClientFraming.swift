/// How a response's end is marked on the way to the client.
enum ClientFraming: Equatable {
    /// No body.
    case none
    /// So many bytes.
    case length(Int)
    /// Chunks.
    case chunked
    /// The connection's end: for HTTP/1.0.
    case close
}
