/// A request as the stub got it.
public struct StubRequest: Sendable {
    /// `GET`, `POST`, …
    public var method: String
    /// The target with its query.
    public var path: String
    /// Headers, names in lower case.
    public var headers: [String: String]
    /// The body as text.
    public var body: String
}
