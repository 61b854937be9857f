/// What the stub answers to one request.
public enum StubAnswer: Sendable {
    /// A whole answer with its length.
    case reply(status: Int, headers: [String: String], body: String)
    /// A head, then each part after the pause before it, chunked.
    case parts([(after: Duration, bytes: [UInt8])])
    /// Nothing, until the stub stops or the caller leaves.
    case silence
    /// The connection closes without a word.
    case hangUp
    /// A head that promises `length` bytes, then only `body`, then the end.
    case broken(length: Int, body: String)
    /// These bytes, then the end.
    case raw(String)

    /// JSON with status 200.
    public static func json(_ body: String, status: Int = 200, headers: [String: String] = [:]) -> StubAnswer {
        .reply(status: status, headers: ["Content-Type": "application/json"].merging(headers) { $1 }, body: body)
    }

    /// Plain text.
    public static func text(_ body: String, status: Int = 200) -> StubAnswer {
        .reply(status: status, headers: ["Content-Type": "text/plain"], body: body)
    }
}
