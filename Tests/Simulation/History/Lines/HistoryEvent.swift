/// The events that the checker knows; others are counted and passed over.
public enum HistoryEvent: String, Sendable, CaseIterable {
    /// This peer obeys `other` in `epoch` from now on.
    case grant
    /// That grant was extended.
    case renew
    /// That grant is over.
    case expire
    /// This peer opened an election.
    case stand
    /// This peer is router of `epoch`.
    case elect
    /// It is no longer.
    case stepDown = "step-down"
    /// This peer obeyed a command of `other` in `epoch`.
    case command
    /// This peer wrote the setting `key`.
    case setting
    /// A request began to run on this peer.
    case admit
    /// It runs no longer.
    case release
    /// A request that entered at this peer has ended.
    case requestEnd = "request-end"
    /// A member's status changed.
    case status
    /// This peer was suspected and refuted it.
    case refute
    /// Another process lives under this peer's id.
    case clash
}
