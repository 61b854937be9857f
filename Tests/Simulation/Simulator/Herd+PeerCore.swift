import Gossip

extension Herd: PeerCore {
    init(configuration: HerdConfiguration, selfRecord: MemberRecord, durable: DurableLease, seed: UInt64, now: Instant) {
        self.init(configuration: configuration, selfRecord: selfRecord, durable: durable, seed: seed, now: now, remembered: [])
    }

    func syncOpening(to endpoint: Endpoint, now: Instant) -> SyncMessage? { syncMessage(to: endpoint, now: now) }
    func syncAnswer(to request: SyncMessage, now: Instant) -> SyncMessage? { syncMessage(for: request, now: now) }
    func memberStates(now: Instant) -> [(id: PeerID, status: MemberStatus)] { memberEntries.map { ($0.id, $0.status) } }
    func mode(now: Instant) -> RouterMode { leaseRules.mode(now: now) }
    func obeyed(now: Instant) -> (router: PeerID, epoch: UInt64)? { leaseRules.obeyed(now: now) }
    func heldUntil(_ peer: PeerID, now: Instant) -> Instant? { leaseRules.heldUntil(peer, now: now) }
    var heldEpoch: UInt64? { leaseRules.heldEpoch }
    var electorate: [PeerID] { leaseRules.electorate }
    var rosterSize: Int { leaseRules.rosterSize }
}
