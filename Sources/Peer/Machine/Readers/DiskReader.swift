import Glibc

/// Asks for the file system of a path (`statvfs`).
public struct DiskReader: Sendable {
    private let path: String

    /// A reader of the file system that holds `path`. The path itself need not be there yet: the nearest folder above it counts.
    public init(path: String) { self.path = path }

    /// The state now, or nil where no part of the path can be asked.
    public func read() -> DiskReading? {
        var path = path
        while true {
            var facts = statvfs()
            if statvfs(path, &facts) == 0 {
                return DiskReading(
                    totalBytes: bytes(facts.f_blocks, facts.f_frsize), availableBytes: bytes(facts.f_bavail, facts.f_frsize))
            }
            guard errno == ENOENT, path.count > 1, let slash = path.lastIndex(of: "/") else { return nil }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
    }

    private func bytes(_ blocks: UInt, _ size: UInt) -> Int64 {
        let product = blocks.multipliedReportingOverflow(by: size)
        return product.overflow ? Int64.max : Int64(clamping: product.partialValue)
    }
}
