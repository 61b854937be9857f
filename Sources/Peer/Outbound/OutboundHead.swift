/// Status and header fields of an answer.
public struct OutboundHead: Sendable {
    /// The status code.
    public var status: Int
    /// Header fields in order, as they came.
    public var headers: [(name: String, value: String)]

    /// A head.
    public init(status: Int, headers: [(name: String, value: String)] = []) {
        self.status = status
        self.headers = headers
    }

    /// The first value of a header field; upper and lower case make no difference.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}
