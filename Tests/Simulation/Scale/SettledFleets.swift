/// Fleets in which everybody knows everybody: large ones are made once and copied.
public struct SettledFleets {
    private struct Key: Hashable {
        var variant: Variant
        var peers: Int
        var lease: Bool
    }

    private var known: [Key: ScaleWorld] = [:]

    /// None yet.
    public init() {}

    /// A fleet on a network that lost nothing so far.
    mutating func fleet(_ variant: Variant, _ peers: Int, lease: Bool, seed: UInt64) -> ScaleWorld {
        let key = Key(variant: variant, peers: peers, lease: lease)
        if let fleet = known[key] { return fleet }
        var world = ScaleWorld(variant: variant, peers: peers, conditions: .clean, seed: seed, lease: lease)
        world.settle()
        world.watch.reset()
        if peers >= 200 {
            // One at a time: a thousand peers that know each other take half a gigabyte.
            known = known.filter { $0.key.peers < 200 }
            known[key] = world
        }
        return world
    }
}
