import FoundationEssentials
import Glibc

/// `identity/fleet-keys.json`: the ring on disk, mode 0600, synced and replaced whole. Without the file the fleet is open.
public struct KeyRingFile: Sendable {
    /// Tells whether the file was replaced since.
    struct Stamp: Hashable, Sendable {
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int
    }

    static let byteLimit = 64 * 1_024

    /// Where it is.
    public let path: String
    private let folder: String

    /// The file of the peer with this data directory.
    public init(dataDirectory: String) {
        folder = dataDirectory + "/identity"
        path = folder + "/fleet-keys.json"
    }

    /// The ring; nil where there is no file.
    ///
    /// Rights that others have on the file are taken away.
    /// - Throws: `KeyRingError.damaged` or `.file`.
    public func load() throws(KeyRingError) -> KeyRing? {
        let bytes: [UInt8]?
        do throws(FileFailure) { bytes = try DurableFile.read(path, limit: Self.byteLimit) } catch { throw .file(error) }
        guard let bytes else { return nil }
        guard bytes.count <= Self.byteLimit else { throw .damaged(path: path, reason: "it is longer than any ring") }
        guard chmod(path, 0o600) == 0 else { throw .file(FileFailure("change the mode of", path)) }
        do {
            return try JSONDecoder().decode(KeyRing.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw .damaged(path: path, reason: Self.reason(error))
        } catch {
            throw .damaged(path: path, reason: "it is no JSON")
        }
    }

    /// Replaces the ring; on disk when it returns.
    ///
    /// - Throws: `KeyRingError.file`.
    public func save(_ ring: KeyRing) throws(KeyRingError) {
        let lock = try lock()
        defer { Self.unlock(lock) }
        try write(ring)
    }

    /// Keeps other writers off until `unlock`: a running peer and a command may both read the ring, change it and write it.
    func lock() throws(KeyRingError) -> CInt {
        guard let lock = try lock(LOCK_EX) else { throw .file(FileFailure("lock", path + ".lock", code: EWOULDBLOCK)) }
        return lock
    }

    /// The same without a wait; nil while somebody else has the lock.
    func lockAtOnce() throws(KeyRingError) -> CInt? { try lock(LOCK_EX | LOCK_NB) }

    private func lock(_ operation: CInt) throws(KeyRingError) -> CInt? {
        do throws(FileFailure) { try DurableFile.makeDirectory(folder) } catch { throw .file(error) }
        let name = path + ".lock"
        let descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .file(FileFailure("open", name)) }
        while flock(descriptor, operation) != 0 {
            let code = errno
            guard code != EINTR else { continue }
            close(descriptor)
            if code == EWOULDBLOCK { return nil }
            throw .file(FileFailure("lock", name, code: code))
        }
        return descriptor
    }

    /// Lets others write.
    static func unlock(_ lock: CInt) { close(lock) }

    /// Replaces the ring while `lock` is held.
    func write(_ ring: KeyRing) throws(KeyRingError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        do throws(FileFailure) {
            guard let data = try? encoder.encode(ring) else { throw FileFailure("encode", path, code: EINVAL) }
            try DurableFile.makeDirectory(folder)
            try DurableFile.makePrivate(folder)
            let draft = path + ".tmp-" + HexText.encode(SecretBytes(randomCount: 8).bytes)
            try DurableFile.replace(path, with: Array(data) + [UInt8(ascii: "\n")], draft: draft)
        } catch {
            throw .file(error)
        }
    }

    /// Moves the file aside, so that the next start finds an open fleet; tells the new path, nil where there was none.
    ///
    /// - Throws: `KeyRingError.file`.
    public func moveAside() throws(KeyRingError) -> String? {
        guard access(path, F_OK) == 0 else { return nil }
        do throws(FileFailure) { return try DurableFile.moveAside(path) } catch { throw .file(error) }
    }

    /// nil where there is no file.
    var stamp: Stamp? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        return Stamp(
            inode: UInt64(facts.st_ino), size: Int64(facts.st_size), seconds: facts.st_mtim.tv_sec,
            nanoseconds: facts.st_mtim.tv_nsec)
    }

    /// The flaw without a word of the file's contents.
    private static func reason(_ error: DecodingError) -> String {
        switch error {
        case .dataCorrupted(let context): context.debugDescription.prefix(120).description
        case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "'\(context.codingPath.last?.stringValue ?? "a value")' is of the wrong kind"
        @unknown default: "it cannot be read"
        }
    }
}
