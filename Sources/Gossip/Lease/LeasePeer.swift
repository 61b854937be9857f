/// A peer as the election sees it.
public struct LeasePeer: Hashable, Sendable {
    /// Who.
    public var id: PeerID
    /// It is suspected: it votes if it answers, but a candidate does not wait for it.
    public var suspect: Bool
    /// What matters of it as a candidate.
    public var candidacy: Candidacy

    /// A peer.
    public init(id: PeerID, suspect: Bool = false, candidacy: Candidacy = Candidacy()) {
        self.id = id
        self.suspect = suspect
        self.candidacy = candidacy
    }
}
