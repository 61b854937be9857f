extension Herd {
    /// The election and lease of this peer, to be read: for checkers and diagnostics.
    public var leaseRules: LeaseRules { lease }

    /// The peers over which *quorate* is counted, in the order of their ids (mesh protocol §7.1).
    public var rosterPeers: [PeerID] { lease.roster.peers }

    /// The router and epoch that this peer obeys; nil while it grants nobody or the grant has run out.
    public func obeyed(now: Instant) -> (router: PeerID, epoch: UInt64)? { lease.obeyed(now: now) }

    /// The epoch of the lease that this peer holds or stands for; nil when it does neither.
    public var heldEpoch: UInt64? { lease.heldEpoch }

    /// Until when this peer believes that `peer` obeys it, router or not; nil when it does not.
    public func heldUntil(_ peer: PeerID, now: Instant) -> Instant? { lease.heldUntil(peer, now: now) }
}
