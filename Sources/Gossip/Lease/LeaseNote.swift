/// Entries of the lease's history, for logs and checkers.
public enum LeaseNote: Hashable, Sendable {
    /// A new grant was given to `to`.
    case granted(to: PeerID, epoch: UInt64, until: Instant)
    /// A grant was extended.
    case renewed(to: PeerID, epoch: UInt64, until: Instant)
    /// A grant ended: by time, release, hand-over or proof of death.
    case ended(of: PeerID, epoch: UInt64)
    /// This peer opened an election.
    case stood(epoch: UInt64)
    /// This peer became router.
    case elected(epoch: UInt64, mode: RouterMode)
    /// A peer named an epoch so far above all others that it cannot be true: not learnt.
    case epochRefused(UInt64, from: PeerID)
    /// This peer stopped being router.
    case steppedDown(epoch: UInt64, StepDownReason)
}
