/// What happens to a peer's lease rules.
public enum LeaseEvent: Hashable, Sendable {
    /// `nextWake` has come.
    case wake
    /// The reachable view changed: alive and suspect peers without this one; those that left by their own word; and those of the
    /// roster that nobody has seen for seven days. Each in the order of the ids.
    case view(peers: [LeasePeer], left: [PeerID] = [], aged: [PeerID] = [])
    /// Another peer's roster came in with an exchange of state, and how often that peer has gone over to another lineage.
    case roster(Roster, moves: UInt32, from: PeerID)
    /// This peer's own candidacy changed.
    case candidacy(Candidacy)
    /// A message of the election came in.
    case message(LeaseMessage, from: PeerID)
    /// Another router's announcement came in, directly or by rumour.
    case announced(LeaseRecord)
    /// Sound proof that the peer's process has ended: a reset connection and a refused new one.
    case processDied(PeerID)
    /// The machine slept or the process was stopped: whatever was held before counts no more.
    case resumed
    /// The machine is about to sleep: hand over or release, give the own grant back, and stay out of it until `resumed`.
    case suspending
    /// The state directory can be written again, or a row could not be written: then with the one that is on disk.
    case storage(writable: Bool, onDisk: DurableLease? = nil)
    /// The settings that this peer holds changed: its announcements name them.
    case settings(SettingsDigest)
    /// The program is told to stop: hand over or release.
    case shutdown
}
