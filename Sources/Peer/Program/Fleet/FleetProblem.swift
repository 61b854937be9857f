import Mesh

/// Why a command about the fleet's keys did nothing: what is in the way, and what to do.
enum FleetProblem: Error, CustomStringConvertible {
    /// There are keys already.
    case alreadyClosed(fleet: String, path: String)
    /// This machine belongs to another closed fleet.
    case otherFleet(mine: String, theirs: String, path: String)
    /// There are no keys.
    case open
    /// A token was not given, or is none.
    case token(String)
    /// The ring or its file.
    case ring(KeyRingError)
    /// A file that was named cannot be read.
    case unreadable(path: String, reason: String)

    var description: String {
        switch self {
        case .alreadyClosed(let fleet, let path):
            "this machine has the keys of the fleet '\(fleet)' already (\(path)). New ones would cut it off from that fleet. "
                + "To change the key of the whole fleet use `herd-peer fleet rotate`; to begin another fleet add --force."
        case .otherFleet(let mine, let theirs, let path):
            "the token is of the fleet '\(theirs)', but this machine has the keys of the fleet '\(mine)' (\(path)). "
                + "To leave '\(mine)' for '\(theirs)' run `herd-peer fleet join --force`."
        case .open:
            "this machine has no keys: its fleet is open. `herd-peer fleet init` closes it; "
                + "`herd-peer fleet join TOKEN` enters a closed one."
        case .token(let reason): reason
        case .ring(let error): "\(error)"
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        }
    }
}
