import Glibc

/// A system call on a file that failed.
public struct FileFailure: Error, Hashable, CustomStringConvertible {
    /// What was tried, as a verb: `open`, `write`.
    public var operation: String
    /// On which path.
    public var path: String
    /// The error number.
    public var code: Int32

    init(_ operation: String, _ path: String, code: Int32 = errno) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// The system's words for the error number.
    public var reason: String { String(cString: strerror(code)) }

    /// What failed, where and why.
    public var description: String { "cannot \(operation) \(path): \(reason)" }
}
