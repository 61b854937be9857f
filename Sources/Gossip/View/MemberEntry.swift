/// One peer as the rules hold it, for the shell to make a `MemberView` of: cold records are still encoded.
public struct MemberEntry: Sendable, Equatable {
    /// Who.
    public var id: PeerID
    /// How it stands.
    public var status: MemberStatus
    /// Its mesh address as it can be reached from here; this peer's own is what others are told.
    public var endpoint: Endpoint
    /// Where its address came from; nil for this peer itself.
    public var source: AddressSource?
    /// When anything was last heard from it directly; nil for this peer itself and for those known by rumour only.
    public var lastHeard: Instant?
    /// Its member record; nil for one that is only remembered from an earlier run.
    public var record: MemberRecord?
    /// Lowest and highest protocol version that it speaks; nil for one that is only remembered.
    public var protocolRange: ClosedRange<UInt8>?
    /// The SHA-256 of its certificate's public key, 32 bytes; nil while it is not known, and in an open fleet.
    public var pin: [UInt8]?
    /// The ids of the fleet keys in its ring.
    public var keyIDs: [UInt16] = []
    /// It answers by TCP only: its datagrams do not get through, so they travel inside peer links.
    public var isUDPBlocked: Bool
    /// Its latest hot report; nil before the first.
    public var hot: HotReport?
    /// That report's version.
    public var hotVersion: RecordVersion
    /// When that report was made, or last confirmed by its writer, on this peer's clock.
    public var hotMadeAt: Instant
    /// Its models; nil before the first pull.
    public var models: ColdEntry?
    /// What does not change; nil before the first pull.
    public var fixed: ColdEntry?
}
