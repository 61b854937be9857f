import Gossip

/// An alive member, as far as the seeds care.
struct SeedMember: Hashable {
    var id: PeerID
    var endpoint: Endpoint
    var name: String
}
