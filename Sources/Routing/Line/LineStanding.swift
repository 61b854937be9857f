public import Gossip

/// Where a request stands in a line.
public struct LineStanding: Hashable, Sendable {
    /// The request's place.
    public var id: UInt64
    /// What it asks for.
    public var model: ModelKey
    /// Machines that could serve it when it was ranked last.
    public var peers: [PeerID]
    /// Whose it is and how urgent.
    public var turn: Turn
    /// Among those who wait for the same, counted from 1.
    public var position: Int
    /// When it came.
    public var since: Instant
}
