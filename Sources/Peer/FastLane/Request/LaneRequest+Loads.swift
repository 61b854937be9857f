internal import Gossip
internal import NIOCore
internal import Routing

extension LaneRequest {
    // MARK: One load for requests that come to several peers in the same instant

    /// The machine would have to load the model: asks the fleet's desk, once, whether somebody else is about to have it loaded.
    /// False where that is not worth a question; then the attempt goes on.
    func asksDesk(_ next: Candidate, _ now: Instant) -> Bool {
        guard cold == nil, let plan, plan.ranking.candidates.count > 1, next.backendKind.listsLoaded,
            !plan.ranking.candidates.contains(where: { $0.isLoaded || $0.isLoading }),
            let claims = laneState.loadClaims, let memory = plan.view.member(next.peer)?.memory(of: next),
            settings.hold.limit(weightBytes: memory.weightBytes, patience: limits.ticketWait) > .zero
        else { return false }
        cold = ColdLoad(asking: roundStarted)
        state = .parked
        let (model, peer) = (next.key, next.peer)
        let round = roundStarted
        let back = NIOLoopBound(WeakRequest(self), eventLoop: loop.eventLoop)
        let eventLoop = loop.eventLoop
        Task.detached {
            let answer = await claims.claim(model, peer)
            eventLoop.execute { back.value.request?.deskSaid(answer, round) }
        }
        return true
    }

    /// The machine that loads the model goes first. Without an answer, or with one that this request cannot use, all is as if
    /// nobody had been asked.
    private func deskSaid(_ peer: PeerID?, _ round: Instant) {
        guard state == .parked, let cold, cold.asking == round, roundStarted == round else { return }
        cold.asking = nil
        if let peer, let plan, let place = plan.ranking.candidates.firstIndex(where: { $0.peer == peer }) {
            cold.peer = peer
            cold.ends = LaneClock.now + LoadDesk.life
            if place > 0 {
                var ranking = plan.ranking
                ranking.candidates.insert(ranking.candidates.remove(at: place), at: 0)
                self.plan = Plan(
                    ranking: ranking, view: plan.view, backends: plan.backends, othersWait: plan.othersWait)
            }
        }
        tryNext()
    }

    /// A request may end before an answer comes.
    private struct WeakRequest {
        weak var request: LaneRequest?
        init(_ request: LaneRequest) { self.request = request }
    }
}
