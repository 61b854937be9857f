/// What this peer believes of all peers: an immutable snapshot, replaced whole.
public struct FleetView: Sendable, Equatable {
    /// Counts up with every snapshot of this process.
    public var number: UInt64
    /// This peer.
    public var selfID: PeerID
    /// All members ever met and not forgotten, this peer included, in the order of their ids.
    public var members: [MemberView]
    /// The router that this peer obeys now; nil while there is none.
    public var router: RouterView?

    /// A snapshot.
    public init(number: UInt64, selfID: PeerID, members: [MemberView], router: RouterView?) {
        self.number = number
        self.selfID = selfID
        self.members = members
        self.router = router
    }

    /// The member with this id.
    public func member(_ id: PeerID) -> MemberView? { members.first { $0.id == id } }

    /// The name of the member with this id, without a copy of all that is known of it.
    public func name(of id: PeerID) -> String? {
        for place in members.indices where members[place].id == id { return members[place].name }
        return nil
    }

    /// This peer itself.
    public var me: MemberView? { member(selfID) }
}
