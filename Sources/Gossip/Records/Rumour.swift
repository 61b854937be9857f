/// Something that is being told around. What is said is looked up when it is said, so it is never stale.
struct Rumour: Sendable {
    /// What it is about.
    enum Subject: Sendable {
        /// A member record; this peer's own included.
        case member(PeerID)
        /// One accuser's suspicion of a member.
        case suspect(PeerID, by: UInt64)
        /// A hot record.
        case hot(PeerID)
        /// A router's announcement.
        case lease(PeerID)
    }

    /// What it is about.
    var subject: Subject
    /// Only the last rumour on a subject is told on: the subject remembers this number.
    var token: UInt32
}
