import Gossip

/// One model's candidates, best first, and the machines that are out.
struct Survey {
    var key: ModelKey
    /// The machine-by-machine results, in the order of ids.
    var scored: [Scored] = []
    /// Their order.
    var ranked: [Ranked] = []
    var eliminated: [(peer: PeerID, reason: Elimination)] = []

    /// The best candidate has the model in memory.
    var isHot: Bool { ranked.first.map { scored[$0.place].loaded } ?? false }
}

/// One candidate while it is being ranked.
struct Scored {
    /// Its place in `Scorer.machines`, which is the order of ids.
    var machine: Int
    /// The place of what it would serve with in `ModelTable.offers`.
    var offer: Int
    /// The model is in its memory.
    var loaded: Bool
    var signals: Signals
    var ownDelta: Int
}

/// A place in the order. Small, because these are what is moved when candidates are sorted.
struct Ranked {
    var score: Double
    /// In `Survey.scored`.
    var place: Int
}

/// What the surveys of one request share.
struct SurveyInputs {
    let request: RouteRequest
    let deltas: OwnDeltas
    let latencies: LatencyHistory
    let now: Instant
    /// Where this conversation last ran.
    let sessionPeer: PeerID?
    /// Where this prompt's head last ran.
    let prefixPeer: PeerID?

    init(request: RouteRequest, deltas: OwnDeltas, latencies: LatencyHistory, affinity: SessionAffinity, now: Instant) {
        self.request = request
        self.deltas = deltas
        self.latencies = latencies
        self.now = now
        sessionPeer = request.session.flatMap { affinity.peer(of: $0, now: now) }
        prefixPeer = request.prefix.flatMap { affinity.peer(ofPrefix: $0, now: now) }
    }
}
