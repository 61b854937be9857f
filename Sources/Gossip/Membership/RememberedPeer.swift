/// A peer as it is kept on disk between runs (mesh protocol §2.4, §6.4): an address to dial and a place in the roster.
public struct RememberedPeer: Hashable, Sendable, Codable {
    /// Who.
    public var id: PeerID
    /// Where it was last.
    public var endpoint: Endpoint
    /// Seconds since there was last word of it, when this was written; add the time that passed since before handing it back.
    public var secondsSinceSeen: Int64
    /// It said goodbye: it is not dialled and does not count in the roster.
    public var left: Bool
    /// A laptop that comes and goes: it does not count in the roster.
    public var ephemeral: Bool
    /// The SHA-256 of its certificate's public key, 32 bytes; nil when it is not known.
    public var pin: [UInt8]?

    /// A remembered peer.
    public init(id: PeerID, endpoint: Endpoint, secondsSinceSeen: Int64, left: Bool, ephemeral: Bool, pin: [UInt8]? = nil) {
        self.id = id
        self.endpoint = endpoint
        self.secondsSinceSeen = secondsSinceSeen
        self.left = left
        self.ephemeral = ephemeral
        self.pin = pin
    }
}
