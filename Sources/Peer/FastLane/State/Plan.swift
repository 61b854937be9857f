internal import Gossip
internal import Routing

/// The ranking of one request together with the view that it was made from.
final class Plan {
    let ranking: Ranking
    let view: FleetView
    /// The engines of this machine at that moment.
    let backends: [LocalBackend]
    /// Somebody waits in line for some model.
    let othersWait: Bool

    init(ranking: Ranking, view: FleetView, backends: [LocalBackend], othersWait: Bool) {
        self.ranking = ranking
        self.view = view
        self.backends = backends
        self.othersWait = othersWait
    }

    /// The name of a machine.
    func name(of peer: PeerID) -> String { view.name(of: peer) ?? peer.shortHex }
}
