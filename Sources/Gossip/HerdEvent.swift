/// What happens to a peer: the input of `Herd`.
public enum HerdEvent: Sendable {
    /// `nextWake` has come.
    case wake
    /// An authenticated, well-formed datagram of this fleet came in.
    case datagram(Datagram, from: Endpoint)
    /// An address to dial. `expected` is the short id that the source claims, if any: a hint, never an identity.
    case candidate(Endpoint, source: AddressSource, expected: UInt64?)
    /// mDNS says that this peer's announcement is gone: a hint to probe it now.
    case farewellHint(shortID: UInt64)
    /// State of another peer came in by TCP, as the answer to a `sync` or as its sender. `from` is where the sender can be dialled.
    case synced(SyncMessage, from: Endpoint?)
    /// A TCP sync that this peer began failed.
    case syncFailed(Endpoint)
    /// This peer's own hot report changed.
    case hot(HotReport)
    /// This peer's own cold record changed; the payload is opaque to the rules.
    case cold(ColdKind, payload: [UInt8])
    /// This peer's own candidacy changed.
    case candidacy(Candidacy)
    /// What a relayed request showed of a peer.
    case evidence(DataPathEvidence, of: PeerID)
    /// Sound proof that the peer's process has ended.
    case processDied(PeerID)
    /// The machine slept or the process was stopped for this long.
    case resumed(after: Duration)
    /// The machine is about to sleep: everything is handed over and everybody told. `resumed` ends it.
    case suspending
    /// This peer's own address changed: what others are to be told from now on.
    case ownEndpoint(Endpoint)
    /// An authenticated datagram came inside a peer link (`HerdAction.tunnel`): it proves nothing about UDP.
    /// `from` is where its sender listens.
    case tunnelled(Datagram, from: Endpoint)
    /// Datagrams could not be brought to the peer at this address inside a peer link.
    case tunnelFailed(Endpoint)
    /// What this peer's links and keys are: the SHA-256 of its certificate's public key (32 bytes; nil in an open fleet) and the
    /// ids of the keys in its ring, at most three.
    case credentials(pin: [UInt8]?, keyIDs: [UInt16])
    /// The state directory can be written again, or a row could not be written: then with the one that is on disk. Nothing that was
    /// to be sent after that row was sent.
    case storage(writable: Bool, onDisk: DurableLease? = nil)
    /// The fleet settings that an earlier run had on disk, deleted ones included: before the first datagram.
    case restoreSettings([SettingEntry])
    /// Set a fleet setting, or delete it with nil. Ask `Herd.checkSetting` first; a write that is refused all the same is noted.
    case writeSetting(key: String, value: String?)
    /// The program is told to stop.
    case shutdown
}
