import Gossip

/// The whole peer.
final class HerdCore: PeerCore {
    private var herd: Herd
    private(set) var facts: CoreFacts

    init(_ herd: Herd) {
        self.herd = herd
        facts = CoreFacts(nextWake: herd.nextWake)
    }

    func handle(_ event: HerdEvent, now: Instant) -> [HerdAction] { Self.step(&herd, &facts, event, now) }

    /// Access in place: a getter of a class's property would copy the whole value.
    private static func step(_ herd: inout Herd, _ facts: inout CoreFacts, _ event: HerdEvent, _ now: Instant) -> [HerdAction] {
        let actions = herd.handle(event, now: now)
        facts = CoreFacts(nextWake: herd.nextWake, obeyed: herd.obeyed(now: now), heldEpoch: herd.heldEpoch)
        return actions
    }

    func syncOpening(to endpoint: Endpoint, now: Instant) -> SyncMessage? { herd.syncMessage(to: endpoint, now: now) }
    func syncAnswer(to request: SyncMessage, now: Instant) -> SyncMessage? { herd.syncMessage(for: request, now: now) }
    func memberStates(now: Instant) -> [(id: PeerID, status: MemberStatus)] { herd.memberEntries.map { ($0.id, $0.status) } }

    var diagnostics: HerdDiagnostics? { herd.diagnostics }
    var settings: [SettingEntry] { herd.settings }
    func rememberedPeers(now: Instant) -> [RememberedPeer] { herd.rememberedPeers(now: now) }

    func visitMembers(_ visit: (MemberTrace) -> Void) { Self.visit(&herd, visit) }

    private static func visit(_ herd: inout Herd, _ visit: (MemberTrace) -> Void) { herd.visitMembers(visit) }

    func view(now: Instant) -> FleetView? {
        let members = herd.memberEntries.map { entry in
            var member = MemberView(id: entry.id, name: entry.id.hex, status: entry.status)
            member.hot = entry.hot
            member.hotVersion = entry.hotVersion
            member.hotMadeAt = entry.hotMadeAt
            // Every machine has the same engine; its report is the simulator's own and says something else.
            member.models = entry.models == nil ? nil : RequestDesk.models
            return member
        }
        return FleetView(number: 1, selfID: herd.selfRecord.id, members: members, router: herd.router(now: now))
    }

    func reports(of peer: PeerID) -> (inFlight: UInt16?, models: [UInt8]?)? {
        let entry = herd.memberEntry(peer)
        return (entry?.hot?.inFlight, entry?.models?.payload)
    }

    func obeyed(now: Instant) -> (router: PeerID, epoch: UInt64)? { herd.obeyed(now: now) }
    func isRouter(now: Instant) -> Bool { herd.isRouter(now: now) }
    func validUntil(_ peer: PeerID, now: Instant) -> Instant? { herd.validUntil(peer, now: now) }
    func admits(epoch: UInt64, router: PeerID, now: Instant) -> Bool { herd.admits(epoch: epoch, router: router, now: now) }
    func announcement(now: Instant) -> LeaseRecord? { herd.leaseRules.announcement(now: now) }
    func mode(now: Instant) -> RouterMode { herd.leaseRules.mode(now: now) }
    func heldUntil(_ peer: PeerID, now: Instant) -> Instant? { herd.heldUntil(peer, now: now) }
    var electorate: [PeerID] { herd.leaseRules.electorate }
    var roster: Roster { herd.leaseRules.roster }
}
