internal import NIOCore

/// The head of an upstream's response: what the lane must know, and the lines that go on to the client as they came.
final class UpstreamHead {
    /// The status code.
    var status: Int
    /// The reason phrase with the status, as it came: `200 OK`.
    var statusText: String
    /// Header lines to pass on, each with its line end; hop-by-hop, framing, mesh and CORS headers are not among them.
    var lines: ByteBuffer
    /// How the body ends.
    var framing: BodyFraming
    /// The connection may be used again.
    var keepAlive: Bool
    /// What the body is.
    var content: ContentKind
    /// `X-Herd-Busy` of a target.
    var busy: String?
    /// `X-Herd-Refused` of a target: it could not or would not serve; never for clients.
    var refused: String?
    /// `X-Herd-Rewrites` of a target: what its engine got in place of what was sent.
    var rewrites: String?

    init(
        status: Int, statusText: String, lines: ByteBuffer, framing: BodyFraming, keepAlive: Bool, content: ContentKind,
        busy: String? = nil, refused: String? = nil, rewrites: String? = nil
    ) {
        self.status = status
        self.statusText = statusText
        self.lines = lines
        self.framing = framing
        self.keepAlive = keepAlive
        self.content = content
        self.busy = busy
        self.refused = refused
        self.rewrites = rewrites
    }
}
