/// The router that this peer obeys.
public struct RouterView: Sendable, Equatable {
    /// Who.
    public var id: PeerID
    /// Its fencing number.
    public var epoch: UInt64
    /// What it may do.
    public var mode: RouterMode

    /// A router.
    public init(id: PeerID, epoch: UInt64, mode: RouterMode) {
        self.id = id
        self.epoch = epoch
        self.mode = mode
    }
}
