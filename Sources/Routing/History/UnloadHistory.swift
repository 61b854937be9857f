public import Gossip

/// Models that left a machine's memory in the last half hour: their files are likely still cached, so they load fast ("warm",
/// herd-compat §6.3).
public struct UnloadHistory: Sendable {
    /// Models kept in mind, over all machines.
    public static let capacity = 4096
    /// How long a model stays warm.
    public static let lifetime: Duration = .seconds(1800)

    private struct Place: Hashable, Sendable {
        var peer: PeerID
        var model: ModelKey
    }

    private var unloads = RecencyTable<Place, Instant>(capacity: UnloadHistory.capacity)

    /// Nothing unloaded.
    public init() {}

    /// The models of `peer` changed from `old` to `new`: what was in memory and is not any more has been unloaded now.
    public mutating func changed(peer: PeerID, from old: ModelsReport?, to new: ModelsReport?, now: Instant) {
        let before = (old?.loaded ?? []).map { ModelKey(name: $0.name) }
        let after = (new?.loaded ?? []).map { ModelKey(name: $0.name) }
        for model in before where !after.contains(model) {
            unloads.update(Place(peer: peer, model: model), initial: now) { $0 = now }
        }
        for model in after { unloads.remove(Place(peer: peer, model: model)) }
    }

    /// The model left that machine's memory less than half an hour ago.
    public func unloadedLately(_ model: ModelKey, at peer: PeerID, now: Instant) -> Bool {
        guard !unloads.isEmpty, let at = unloads[Place(peer: peer, model: model)] else { return false }
        return now - at < Self.lifetime
    }
}
