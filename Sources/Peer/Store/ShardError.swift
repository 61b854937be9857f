/// Why the shard could not be opened, read or written. Every case says where, what happened and what to do.
public enum ShardError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The data directory cannot be created, read or written.
    case unusableDirectory(path: String, reason: String)
    /// The disk of the data directory is full.
    case diskFull(path: String)
    /// Another program holds the file locked for longer than the busy time-out.
    case locked(path: String)
    /// The file is damaged and could not be moved out of the way.
    case cannotMoveAside(path: String, reason: String)
    /// The schema could not be brought up to date.
    case migration(path: String, reason: String)
    /// A query failed.
    case query(String)
    /// The shard is closed.
    case closed

    /// In words.
    public var description: String {
        switch self {
        case .unusableDirectory(let path, let reason):
            "The data directory \(path) cannot be used: \(reason). Create it, give this user the right to write in it, "
                + "or choose another one with --data-dir or FLEET_DATA_DIR."
        case .diskFull(let path):
            "The disk that holds \(path) is full. Free some space, or choose another directory with --data-dir."
        case .locked(let path):
            "\(path) is locked by another program. Stop the other program, or choose another directory with --data-dir."
        case .cannotMoveAside(let path, let reason):
            "\(path) is damaged and could not be moved aside: \(reason). Move or delete it by hand, with its -wal and -shm files."
        case .migration(let path, let reason):
            "The tables in \(path) could not be brought up to date: \(reason). Move the file away; the next start makes a new one."
        case .query(let reason): "The query on the trace store failed: \(reason)."
        case .closed: "The trace store is closed."
        }
    }
}
