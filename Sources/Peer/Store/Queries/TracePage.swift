/// A page of traces, newest first.
public struct TracePage: Sendable, Hashable, Codable {
    /// The rows, by time and then by number, both descending.
    public var rows: [TraceRow]
    /// Where the search stopped because it took too long, seconds since 1970: older rows were not looked at; nil at its end.
    public var stoppedAt: Double?

    /// A page.
    public init(rows: [TraceRow], stoppedAt: Double? = nil) {
        self.rows = rows
        self.stoppedAt = stoppedAt
    }
}
