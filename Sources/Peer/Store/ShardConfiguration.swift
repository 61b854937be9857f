/// The settings of a shard; the defaults are those of the product.
public struct ShardConfiguration: Sendable {
    /// Rows that may wait for the writer. A row beyond it is dropped and counted.
    public var queueLimit = 8192
    /// Rows that make the writer start at once.
    public var batchRows = 100
    /// The longest time that a row waits for the writer, and most of what a program that is killed loses. A shorter one costs more
    /// commits.
    public var batchInterval: Duration = .milliseconds(40)
    /// How long a connection waits for a lock of another program.
    public var busyTimeout: Duration = .seconds(30)
    /// Pages in the write-ahead log after which they are copied into the file; 0 for never. Few pages are cheap to keep and dear
    /// to copy: the edges of the indices change in every batch, and are copied once per checkpoint.
    public var autocheckpointPages = 1000
    /// What the write-ahead log's file is cut back to when all of it has been copied.
    public var logLimitBytes: Int64 = 16 << 20
    /// A commit after so long a time has the log copied, however short it is.
    public var checkpointInterval: Duration = .seconds(10)
    /// Connections that read at the same time.
    public var readers = 4
    /// Files up to this size are checked for damage at each start (`PRAGMA quick_check`);
    /// larger ones only by their header and schema.
    public var quickCheckLimitBytes: Int64 = 64 << 20
    /// For tests: the file may not grow beyond so many pages, which looks like a full disk.
    var maximumPages: Int?

    /// The defaults.
    public init() {}
}
