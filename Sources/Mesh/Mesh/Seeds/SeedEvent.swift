import Gossip

/// What happens to the seeds. `seed` is the place in the list.
enum SeedEvent {
    case wake
    case resolved(seed: Int, [IPAddress])
    case resolveFailed(seed: Int, String)
    case facts(seed: Int, MeshFacts, from: IPAddress)
    case factsFailed(seed: Int, String)
    /// The alive members without this peer.
    case members([SeedMember])
}
