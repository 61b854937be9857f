/// A peer's membership record (mesh protocol §4.1, record `member`): 37–55 bytes in a datagram, where `pin` stays out.
public struct MemberRecord: Hashable, Sendable, Codable {
    /// Who.
    public var id: PeerID
    /// Its boot counter.
    public var generation: UInt32
    /// Its incarnation within that generation.
    public var incarnation: UInt32
    /// `alive`, `unreachable` (dead by time-out), `left` or `asleep`; suspicion is an item of its own.
    public var status: MemberStatus
    /// Where its mesh port is, as the peer that first heard it saw it.
    public var endpoint: Endpoint
    /// Lowest and highest protocol version that it speaks.
    public var protocolRange: ClosedRange<UInt8>
    /// What matters for an election.
    public var candidacy: Candidacy
    /// The ids of the fleet keys in its ring, at most `mostKeys`.
    public var keyIDs: [UInt16]
    /// The SHA-256 of its certificate's public key, 32 bytes, for peer links; nil in an open fleet and in datagrams. A record
    /// without one says nothing about it.
    public var pin: [UInt8]?

    /// A ring has no more keys than this.
    public static let mostKeys = 3
    /// Bytes of a pin.
    public static let pinByteCount = 32

    /// A record.
    public init(
        id: PeerID, generation: UInt32, incarnation: UInt32, status: MemberStatus, endpoint: Endpoint,
        protocolRange: ClosedRange<UInt8> = 1...1, candidacy: Candidacy, keyIDs: [UInt16] = [], pin: [UInt8]? = nil
    ) {
        self.id = id
        self.generation = generation
        self.incarnation = incarnation
        self.status = status
        self.endpoint = endpoint
        self.protocolRange = protocolRange
        self.candidacy = candidacy
        self.keyIDs = keyIDs
        self.pin = pin
    }
}
