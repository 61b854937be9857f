import FoundationEssentials
import GRDB

extension ShardError {
    /// Whether the error says that the file itself is damaged.
    static func isDamage(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB
    }

    /// The typed error for what SQLite said about a file.
    static func mapped(_ error: any Error, path: String) -> ShardError {
        if let error = error as? ShardError { return error }
        guard let error = error as? DatabaseError else { return .query(words(of: error)) }
        let directory = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex))
        let reason = error.message ?? "\(error.resultCode)"
        return switch error.resultCode {
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: .unusableDirectory(path: directory, reason: reason)
        case .SQLITE_FULL: .diskFull(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: .locked(path: path)
        case .SQLITE_MISUSE: .closed
        default: .query(reason)
        }
    }

    /// The shortest true words for an error of the file system.
    static func words(of error: any Error) -> String {
        guard let error = error as? CocoaError else { return String(describing: error) }
        if let posix = error.userInfo["NSUnderlyingError"] as? POSIXError { return "\(posix.code)" }
        return switch error.code {
        case .fileWriteNoPermission, .fileReadNoPermission: "permission denied"
        case .fileWriteOutOfSpace: "no space left"
        case .fileWriteVolumeReadOnly: "the file system is read-only"
        case .fileWriteFileExists: "a file is in the way"
        default: String(describing: error)
        }
    }
}
