/// A whole answer.
public struct OutboundResponse: Sendable {
    /// The head.
    public var head: OutboundHead
    /// The body.
    public var body: [UInt8]

    /// The status code, 200…599.
    public var status: Int { head.status }

    /// The first value of a header field.
    public func header(_ name: String) -> String? { head.header(name) }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// An answer.
    public init(head: OutboundHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }
}
