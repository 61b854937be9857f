import Glibc

/// Reads the small text files in which Linux tells about itself. Tests move the root to a tree of their own.
public struct SystemFiles: Sendable {
    /// What every path is put behind; empty for the real system.
    public let root: String

    /// Files below `root`.
    public init(root: String = "") { self.root = root }

    /// The start of a file as text, or nil where it cannot be read. Never reads more than `limit` bytes.
    public func text(_ path: String, limit: Int = 64 << 10) -> String? {
        let file = open(root + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return withUnsafeTemporaryAllocation(byteCount: max(limit, 1), alignment: 1) { buffer -> String? in
            var filled = 0
            while filled < buffer.count {
                let count = read(file, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
                if count < 0 && errno == EINTR { continue }
                // Some sensors fail in the middle of a read: what came before that is of no use.
                if count < 0 { return nil }
                if count == 0 { break }
                filled += count
            }
            return String(decoding: UnsafeRawBufferPointer(rebasing: buffer[..<filled]), as: UTF8.self)
        }
    }

    /// The first line of a file without the white space around it, or nil where there is none.
    public func line(_ path: String) -> String? {
        guard let first = text(path, limit: 4096)?.split(separator: "\n", maxSplits: 1).first else { return nil }
        let trimmed = first.trimmingBlanks()
        return trimmed.isEmpty ? nil : String(trimmed)
    }

    /// A file that holds one whole number, or nil where it does not.
    public func number(_ path: String) -> Int64? {
        line(path).flatMap { Int64($0) }
    }

    /// What a folder holds, sorted, without hidden entries. At most 512 names.
    public func names(in path: String) -> [String] {
        guard let folder = opendir(root + path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while names.count < 512, let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Whether a file or folder is there.
    public func exists(_ path: String) -> Bool { access(root + path, F_OK) == 0 }
}

extension StringProtocol {
    /// Without blanks, tabs, line ends and NULs at both ends (device tree files end in NUL).
    func trimmingBlanks() -> SubSequence {
        func blank(_ c: Character) -> Bool { c == " " || c == "\t" || c == "\n" || c == "\r" || c == "\0" }
        var rest = self[...]
        while let c = rest.first, blank(c) { rest = rest.dropFirst() }
        while let c = rest.last, blank(c) { rest = rest.dropLast() }
        return rest
    }
}
