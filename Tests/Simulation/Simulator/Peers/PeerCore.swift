import Gossip

/// What the simulator needs of one peer's rules: `HerdCore` has the real `Herd`, `PlainCore` the lease on a simple detector.
/// A class, so that the value inside is never copied.
protocol PeerCore: AnyObject {
    func handle(_ event: HerdEvent, now: Instant) -> [HerdAction]
    /// What is asked after every event.
    var facts: CoreFacts { get }
    /// This peer's half of a TCP exchange: the opening with the peer at an address, and the answer to an opening.
    func syncOpening(to endpoint: Endpoint, now: Instant) -> SyncMessage?
    func syncAnswer(to request: SyncMessage, now: Instant) -> SyncMessage?
    /// The state of every member that it knows, itself left out, in the order of their ids.
    func memberStates(now: Instant) -> [(id: PeerID, status: MemberStatus)]

    /// The versions of the members that it knows, in the order of their ids.
    func visitMembers(_ visit: (MemberTrace) -> Void)
    /// How much it holds; nil if that is not of interest.
    var diagnostics: HerdDiagnostics? { get }
    /// What the scorer sees.
    func view(now: Instant) -> FleetView?

    /// The other peers as they are to be written down.
    func rememberedPeers(now: Instant) -> [RememberedPeer]
    /// The fleet's settings in force there.
    var settings: [SettingEntry] { get }

    /// The reports that it holds of a member: requests in flight, and the models' payload. Nil if it keeps no reports.
    func reports(of peer: PeerID) -> (inFlight: UInt16?, models: [UInt8]?)?

    func isRouter(now: Instant) -> Bool
    func obeyed(now: Instant) -> (router: PeerID, epoch: UInt64)?
    /// What it announces as router.
    func announcement(now: Instant) -> LeaseRecord?
    func mode(now: Instant) -> RouterMode
    func heldUntil(_ peer: PeerID, now: Instant) -> Instant?
    func validUntil(_ peer: PeerID, now: Instant) -> Instant?
    func admits(epoch: UInt64, router: PeerID, now: Instant) -> Bool
    var electorate: [PeerID] { get }
    /// The roster that it goes by.
    var roster: Roster { get }
}

/// Which rules a simulation runs.
public enum Subject: String, Sendable, CaseIterable {
    /// The lease alone, over a plain detector.
    case lease
    /// The whole peer.
    case herd
}
