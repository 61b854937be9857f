/// One step from a version of a roster to the next.
public enum RosterChange: Hashable, Sendable {
    /// The same peers under a new router's epoch.
    case stamp
    /// One peer more.
    case admit(PeerID)
    /// One peer less.
    case remove(PeerID)
}
