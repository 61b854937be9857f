public import Gossip
import OrderedCollections

/// Which machine loads a model that nobody has in memory, for peers that ask in the same instant: the first one's choice holds for
/// all, until reports show who loads it.
public struct LoadDesk: Sendable {
    /// How long a choice holds: reports of the load travel for some hundredths of a second.
    public static let life: Duration = .seconds(3)
    static let limit = 256

    private struct Claim: Sendable {
        var peer: PeerID
        var ends: Instant
    }

    /// The one that ends first stands first.
    private var claims = OrderedDictionary<ModelKey, Claim>()

    /// Nobody loads anything.
    public init() {}

    /// Somebody is about to have `model` loaded by `peer`: where it shall be loaded.
    ///
    /// - Parameter isAlive: a claim for a machine that is gone does not hold.
    public mutating func claim(
        _ model: ModelKey, at peer: PeerID, now: Instant, isAlive: (PeerID) -> Bool = { _ in true }
    ) -> PeerID {
        if let claim = claims[model], now < claim.ends, isAlive(claim.peer) { return claim.peer }
        claims.removeValue(forKey: model)
        if claims.count >= Self.limit { claims.removeFirst() }
        claims[model] = Claim(peer: peer, ends: now + Self.life)
        return peer
    }
}
