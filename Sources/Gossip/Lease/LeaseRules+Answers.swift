extension LeaseRules {
    /// This peer holds unexpired grants from more than half of its electorate.
    public func isRouter(now: Instant) -> Bool {
        guard let lease, lease.electedAt != nil else { return false }
        let (held, size) = count(lease, now: now)
        return 2 * held > size
    }

    /// The router and epoch that this peer obeys; nil while it grants nobody or the grant has run out.
    public func obeyed(now: Instant) -> (router: PeerID, epoch: UInt64)? {
        guard let grant, now < grant.expiry else { return nil }
        return (grant.router, grant.epoch)
    }

    /// Until when this peer, as router, may command `peer`, the margin for sending taken off; nil when it may not.
    public func validUntil(_ peer: PeerID, now: Instant) -> Instant? {
        guard let lease, isRouter(now: now), let until = heldUntil(peer, now: now) else { return nil }
        if peer != selfID, let place = index(of: peer), electors[place].grantedEpoch != lease.epoch { return nil }
        let last = until - configuration.commandMargin
        return last > now ? last : nil
    }

    /// Until when this peer believes that `peer` obeys it, router or not; nil when it does not. For checkers (invariant I2).
    public func heldUntil(_ peer: PeerID, now: Instant) -> Instant? {
        guard let lease else { return nil }
        let until = peer == selfID ? lease.ownUntil : index(of: peer).map { electors[$0].validUntil }
        return until.flatMap { $0 > now ? $0 : nil }
    }

    /// What this peer announces while it holds the router role: the record that was announced last, as others know it.
    public func announcement(now: Instant) -> LeaseRecord? {
        lease?.announced
    }

    /// Whether a command that carries this fence may have an effect here now (I1, I3).
    public func admits(epoch: UInt64, router: PeerID, now: Instant) -> Bool {
        #if MUTANTS
        if configuration.mutant == .unfenced { return true }
        #endif
        guard let grant else { return false }
        return grant.epoch == epoch && grant.router == router && now < grant.expiry
    }

    /// The epoch of the lease that this peer holds or stands for; nil when it does neither.
    public var heldEpoch: UInt64? { lease?.epoch }

    /// The peers over which a majority is counted, this one included, in the order of their ids: the view without those that
    /// were found silent (view' of §7.6). Invariant I4 speaks of this set.
    public var electorate: [PeerID] {
        (electors.lazy.filter { !$0.silent }.map(\.id) + [selfID]).sorted()
    }

    /// How many of the electorate this peer holds, and its size.
    func count(_ lease: HeldLease, now: Instant) -> (held: Int, size: Int) {
        var held = lease.ownUntil > now ? 1 : 0
        var size = 1
        for elector in electors where !elector.silent {
            size += 1
            if elector.validUntil > now {
                held += 1
            }
        }
        return (held, size)
    }

    /// How many peers this peer holds, silent ones included.
    func domainSize(_ lease: HeldLease) -> Int {
        electors.reduce(lease.ownUntil > now ? 1 : 0) { $0 + ($1.validUntil > now ? 1 : 0) }
    }
}
