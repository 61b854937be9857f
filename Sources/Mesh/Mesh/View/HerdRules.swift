import Gossip

/// What the shell needs of the rules. Tests put a scripted value in the place of `Herd`.
protocol HerdRules {
    mutating func handle(_ event: HerdEvent, now: Instant) -> [HerdAction]
    var nextWake: Instant { get }
    /// All members, this peer included, in the order of their ids.
    var memberEntries: [MemberEntry] { get }
    func memberEntry(_ id: PeerID) -> MemberEntry?
    /// The router that this peer obeys or is.
    func router(now: Instant) -> RouterView?
    /// What opens a state exchange with the peer at `endpoint`.
    func syncMessage(to endpoint: Endpoint, now: Instant) -> SyncMessage
    /// What answers `request`.
    func syncMessage(for request: SyncMessage?, now: Instant) -> SyncMessage
    /// The peers over which *quorate* is counted, in the order of their ids.
    var rosterPeers: [PeerID] { get }
    func admits(epoch: UInt64, router: PeerID, now: Instant) -> Bool
    /// Until when this peer, as router, may command `peer`.
    func validUntil(_ peer: PeerID, now: Instant) -> Instant?
    /// The fleet's settings in force here, in the order of their keys.
    var settings: [SettingEntry] { get }
    /// Throws when `writeSetting` would be refused.
    func checkSetting(key: String, value: String?) throws(SettingError)
    /// What `peers.json` keeps.
    func rememberedPeers(now: Instant) -> [RememberedPeer]
}

extension Herd: HerdRules {}
