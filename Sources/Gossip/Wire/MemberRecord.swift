/// A peer's membership record (mesh protocol §4.1, record `member`): 34–46 bytes on the wire.
public struct MemberRecord: Hashable, Sendable, Codable {
    /// Who.
    public var id: PeerID
    /// Its boot counter.
    public var generation: UInt32
    /// Its incarnation within that generation.
    public var incarnation: UInt32
    /// `alive`, `unreachable` (dead by time-out) or `left`; suspicion is an item of its own.
    public var status: MemberStatus
    /// Where its mesh port is, as the peer that first heard it saw it.
    public var endpoint: Endpoint
    /// Lowest and highest protocol version that it speaks.
    public var protocolRange: ClosedRange<UInt8>
    /// What matters for an election.
    public var candidacy: Candidacy

    /// A record.
    public init(
        id: PeerID, generation: UInt32, incarnation: UInt32, status: MemberStatus, endpoint: Endpoint,
        protocolRange: ClosedRange<UInt8> = 1...1, candidacy: Candidacy
    ) {
        self.id = id
        self.generation = generation
        self.incarnation = incarnation
        self.status = status
        self.endpoint = endpoint
        self.protocolRange = protocolRange
        self.candidacy = candidacy
    }
}
