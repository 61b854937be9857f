/// The file system that holds a path.
public struct DiskReading: Hashable, Sendable {
    /// Its size, bytes.
    public var totalBytes: Int64
    /// What programs without special rights can still write, bytes.
    public var availableBytes: Int64

    /// A reading.
    public init(totalBytes: Int64, availableBytes: Int64) {
        self.totalBytes = totalBytes
        self.availableBytes = availableBytes
    }
}
