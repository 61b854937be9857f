internal import Gossip
internal import Routing

/// The ranking of one request together with the view that it was made from.
struct Plan {
    var ranking: Ranking
    var view: FleetView
    /// The engines of this machine at that moment.
    var backends: [LocalBackend]
    /// Somebody waits in line for some model.
    var othersWait: Bool

    /// The name of a machine.
    func name(of peer: PeerID) -> String { view.member(peer)?.name ?? peer.shortHex }
}
