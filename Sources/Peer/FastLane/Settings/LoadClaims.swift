public import Gossip

/// Asks the fleet's one desk which machine loads a model that nobody has in memory.
public struct LoadClaims: Sendable {
    /// The machine that shall load it, given the one that would be asked; nil where nobody answers in time. Called off the event
    /// loops.
    public var claim: @Sendable (_ model: ModelKey, _ peer: PeerID) async -> PeerID?

    /// By a closure.
    public init(claim: @escaping @Sendable (_ model: ModelKey, _ peer: PeerID) async -> PeerID?) { self.claim = claim }
}
