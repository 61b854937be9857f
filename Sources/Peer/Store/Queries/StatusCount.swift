/// How many rows have a status.
public struct StatusCount: Sendable, Hashable, Codable {
    /// One of the words of ``TraceRow/status``.
    public var status: String
    /// Rows with it.
    public var count: Int

    /// Both facts.
    public init(status: String, count: Int) {
        self.status = status
        self.count = count
    }
}
