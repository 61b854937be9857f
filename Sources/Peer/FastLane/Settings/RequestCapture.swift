public import NIOCore

/// Takes what clients send, for somebody who looks for a fault. There is none unless a machine's owner switched it on.
public protocol RequestCapture: Sendable {
    /// Takes one request. Called on an event loop: it must not block; what it has no room for it drops and counts.
    func take(_ request: CapturedRequest)
}

/// A request as it came to the peer that its client talks to.
public struct CapturedRequest: Sendable {
    /// Its id, as in `X-Herd-Request-Id` and in the traces.
    public var id: String
    /// Where it was sent, without what stands behind a question mark.
    public var path: String
    /// The client's address.
    public var clientIP: String
    /// When it came, seconds since 1970.
    public var timestamp: Double
    /// The body, unpacked. Shares its memory with the request.
    public var body: ByteBuffer

    /// A request.
    public init(id: String, path: String, clientIP: String, timestamp: Double, body: ByteBuffer) {
        self.id = id
        self.path = path
        self.clientIP = clientIP
        self.timestamp = timestamp
        self.body = body
    }
}
