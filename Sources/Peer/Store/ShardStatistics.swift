/// What the writer of a shard has done since it was opened; for health and metrics.
public struct ShardStatistics: Sendable, Hashable {
    /// Rows that are in the file.
    public var rowsWritten = 0
    /// Rows lost: the queue was full, the disk was full, the file was locked, or the shard was closed.
    public var rowsDropped = 0
    /// Transactions committed.
    public var batches = 0
    /// Rows that wait now.
    public var rowsWaiting = 0
    /// The words of the last failed write, nil when the last one succeeded.
    public var lastError: String?

    /// How often the file was removed under the running peer and made anew.
    public var filesReplaced = 0
    /// Why there is no file now, in words; nil while there is one.
    public var fileProblem: String?

    /// Nothing happened yet.
    public init() {}
}
