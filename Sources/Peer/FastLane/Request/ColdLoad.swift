internal import Gossip

/// What a request knows of a load that it is about to cause. A reference, and nil for nearly all requests.
final class ColdLoad {
    /// The round in which the desk was asked; nil when it has answered.
    var asking: Instant?
    /// The machine that loads the model.
    var peer: PeerID?
    /// Until then that counts though no report says so.
    var ends: Instant

    init(asking: Instant) {
        self.asking = asking
        ends = asking
    }

    /// The machine is to load the model, as said a moment ago.
    func names(_ peer: PeerID, _ now: Instant) -> Bool { self.peer == peer && now < ends }
}
