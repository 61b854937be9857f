/// What is wrong with a key ring, or with a step on it.
public enum KeyRingError: Error, Hashable, CustomStringConvertible {
    /// The file is there and cannot be understood.
    case damaged(path: String, reason: String)
    /// The file cannot be read or written.
    case file(FileFailure)
    /// A fleet's name has 1 to 64 bytes and no control characters.
    case badName
    /// Three keys, and none of them can go.
    case full
    /// The last rotation has not ended.
    case rotating
    /// There is a key of this id already.
    case keyExists(UInt16)
    /// There is no key of this id.
    case noSuchKey(UInt16)
    /// The key that seals cannot be removed.
    case inUse(UInt16)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .damaged(let path, let reason):
            "the fleet's keys in \(path) cannot be used: \(reason). Without them this peer would fall into an open fleet, so it "
                + "does not go on: restore the file, or move it away and join again with `herd-peer fleet join`."
        case .file(let failure):
            "\(failure). The file holds the fleet's keys: give it to the user that runs herd-peer, mode 0600, or free disk space."
        case .badName: "a fleet's name has 1 to \(KeyRing.nameLimit) bytes and no control characters."
        case .full: "the ring has \(KeyRing.keyLimit) keys and none can go: wait for the rotation to end, or remove one."
        case .rotating: "a rotation is under way: a new key waits until every reachable peer has it."
        case .keyExists(let id): "there is a key \(id) already."
        case .noSuchKey(let id): "there is no key \(id)."
        case .inUse(let id): "key \(id) is in use: rotate to another one first."
        }
    }
}
