public import Gossip

/// A request that waits for the router's go.
public struct Ticket: Hashable, Sendable {
    /// The request.
    public var id: UInt64
    /// The peer that the client talks to; it owns the ticket.
    public var entry: PeerID
    /// Machines that can serve it.
    public var candidates: [PeerID]
    /// When the client gives up.
    public var deadline: Instant

    /// A ticket.
    public init(id: UInt64, entry: PeerID, candidates: [PeerID], deadline: Instant) {
        self.id = id
        self.entry = entry
        self.candidates = candidates
        self.deadline = deadline
    }
}
