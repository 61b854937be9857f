/// Why the state directory stops the start of a peer (mesh protocol §2.4).
public enum StateDirectoryError: Error, Hashable, CustomStringConvertible {
    /// Something in it cannot be read.
    case unreadable(FileFailure)
    /// It cannot be made or written.
    case unwritable(FileFailure)
    /// Another process uses it; its id, where it is known.
    case inUse(path: String, process: Int?)
    /// The fleet's keys cannot be used.
    case fleetKeys(KeyRingError)
    /// The certificate for the peer links cannot be used.
    case certificate(reason: String)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .unreadable(let failure):
            "\(failure). The data directory holds this peer's identity, so it does not start without it: "
                + "give the file to the user that runs herd-peer, or name another directory with --data-dir."
        case .unwritable(let failure):
            "\(failure). Without a writable data directory a restarted peer could break its promises, so it does not start: "
                + "make the directory writable for the user that runs herd-peer, free disk space, or name another with --data-dir."
        case .inUse(let path, let process):
            "another herd-peer\(process.map { " (process \($0))" } ?? "") uses this data directory (\(path) is locked): "
                + "stop it, or start this one with another --data-dir."
        case .fleetKeys(let error):
            "\(error)"
        case .certificate(let reason):
            "the certificate for the peer links (link-key.pem and link-cert.pem of the identity folder) cannot be used: \(reason). "
                + "Move both files away: new ones are made at the next start."
        }
    }
}
