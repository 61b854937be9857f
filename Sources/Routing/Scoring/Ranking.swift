public import Gossip

/// All candidates of one request, best first, and why the others are out.
public struct Ranking: Sendable {
    /// Best first; near-ties (within 5 %) already in random order.
    public var candidates: [Candidate]
    /// The others.
    public var eliminated: [(peer: PeerID, reason: Elimination)]
    /// Some machine, reachable or not, lists one of the models asked for.
    public var modelKnown: Bool

    /// A ranking.
    public init(candidates: [Candidate], eliminated: [(peer: PeerID, reason: Elimination)], modelKnown: Bool) {
        self.candidates = candidates
        self.eliminated = eliminated
        self.modelKnown = modelKnown
    }
}
