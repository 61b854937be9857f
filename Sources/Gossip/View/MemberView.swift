/// One peer as this peer sees it: part of a `FleetView`.
public struct MemberView: Sendable, Equatable {
    /// Who.
    public var id: PeerID
    /// Its display name (`node_id`), unique within the view: a second holder of a name has `-` and four digits of its id behind it.
    public var name: String
    /// How it stands.
    public var status: MemberStatus
    /// Its mesh address; nil only for this peer itself before it knows its own.
    public var endpoint: Endpoint?
    /// Where its address came from; nil for this peer itself.
    public var source: AddressSource?
    /// Lowest and highest protocol version that it speaks; nil while that is not known.
    public var protocolRange: ClosedRange<UInt8>?
    /// It answers by TCP only, so its datagrams travel inside peer links.
    public var isUDPBlocked = false
    /// When anything was last heard from it; nil for this peer itself.
    public var lastHeard: Instant?
    /// Its latest `hot` report; nil before the first.
    public var hot: HotReport?
    /// That report's version.
    public var hotVersion: RecordVersion
    /// When that report was made, or last confirmed by its writer, on this peer's clock: arrival minus the age it travelled with.
    public var hotMadeAt: Instant
    /// Its models; nil before the first pull.
    public var models: ModelsReport?
    /// What does not change; nil before the first pull.
    public var fixed: StaticReport?

    /// A member of which only id, name and status are known.
    public init(id: PeerID, name: String, status: MemberStatus) {
        self.id = id
        self.name = name
        self.status = status
        hotVersion = .none
        hotMadeAt = .zero
    }
}
