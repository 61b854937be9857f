import Glibc

/// Small files that must be whole after a crash: read bounded, replaced atomically, synced with their directory.
enum DurableFile {
    /// Reads a file of at most `limit` bytes; nil where there is none. A longer one comes back cut at `limit + 1` bytes.
    static func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        if file < 0 {
            if errno == ENOENT { return nil }
            throw FileFailure("open", path)
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(file, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileFailure("read", path)
            }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes[..<filled])
    }

    /// Puts `bytes` in the place of the file, mode 0600. With `durable` both file and directory are synced before it returns.
    ///
    /// A file that several processes write needs a `draft` of each writer's own.
    static func replace(
        _ path: String, with bytes: [UInt8], durable: Bool = true, draft ownDraft: String? = nil
    ) throws(FileFailure) {
        let draft = ownDraft ?? path + ".tmp"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw FileFailure("write", draft) }
        do throws(FileFailure) {
            try writeAll(bytes, to: file, path: draft)
            if durable, fsync(file) != 0 { throw FileFailure("sync", draft) }
        } catch {
            close(file)
            unlink(draft)
            throw error
        }
        if close(file) != 0 { throw FileFailure("write", draft) }
        guard rename(draft, path) == 0 else { throw FileFailure("replace", path) }
        if durable { try syncDirectory(of: path) }
    }

    /// Renames a file that cannot be used to `NAME.aside-N`, and tells the new path.
    static func moveAside(_ path: String) throws(FileFailure) -> String {
        for number in 1...99 {
            let target = "\(path).aside-\(number)"
            if access(target, F_OK) == 0 { continue }
            guard rename(path, target) == 0 else { throw FileFailure("move aside", path) }
            return target
        }
        guard unlink(path) == 0 else { throw FileFailure("remove", path) }
        return "(removed: there are 99 such files already)"
    }

    /// Makes a directory and its parents, mode 0700 where they are new.
    static func makeDirectory(_ path: String) throws(FileFailure) {
        var built = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            built += built.isEmpty || built == "/" ? String(part) : "/\(part)"
            if mkdir(built, 0o700) != 0, errno != EEXIST {
                let code = errno
                // A parent that exists but may not be written to answers so before it looks whether the child exists.
                if access(built, F_OK) != 0 { throw FileFailure("make the directory", built, code: code) }
            }
        }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileFailure("use the directory", path) }
        close(folder)
    }

    /// Takes all rights of others away from a directory.
    static func makePrivate(_ directory: String) throws(FileFailure) {
        guard chmod(directory, 0o700) == 0 else { throw FileFailure("change the mode of", directory) }
    }

    private static func writeAll(_ bytes: [UInt8], to file: CInt, path: String) throws(FileFailure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                write(file, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileFailure("write", path)
            }
            done += count
        }
    }

    private static func syncDirectory(of path: String) throws(FileFailure) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let file = open(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw FileFailure("sync", directory) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw FileFailure("sync", directory) }
    }
}
