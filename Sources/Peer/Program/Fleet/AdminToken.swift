import Foundation

/// The secret by which `herd-peer fleet` proves to the running peer that it may read its data directory.
enum AdminToken {
    /// Where it is.
    static func path(_ dataDirectory: String) -> String { dataDirectory + "/identity/admin-token" }

    /// Makes a new one for this run of the peer; nobody but the peer's user can read it.
    static func make(dataDirectory: String) throws -> String {
        var random = SystemRandomNumberGenerator()
        let token = (0..<4).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        let path = path(dataDirectory)
        let draft = path + ".tmp"
        unlink(draft)
        let handle = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard handle >= 0 else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: draft]) }
        let file = FileHandle(fileDescriptor: handle, closeOnDealloc: true)
        try file.write(contentsOf: Data((token + "\n").utf8))
        try file.close()
        guard rename(draft, path) == 0 else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path]) }
        return token
    }

    /// The running peer's; nil where none can be read.
    static func read(dataDirectory: String) -> String? {
        guard let text = try? String(contentsOfFile: path(dataDirectory), encoding: .utf8) else { return nil }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return token.isEmpty ? nil : token
    }
}
