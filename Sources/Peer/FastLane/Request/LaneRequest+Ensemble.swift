internal import Gossip
internal import NIOCore
internal import Routing

extension LaneRequest {
    // MARK: `moe-` models (nomyo-compat §7)

    /// No machine has the model, but it is one with the prefix in front of its name: three answers and three critiques are asked
    /// for, then this request goes on with a question about them. False for all others.
    func asksEnsemble() -> Bool {
        guard route == .chat, query.model.hasPrefix(Ensemble.prefix), let ensemble = laneState.ensemble else { return false }
        var inner = query
        inner.model = String(query.model.dropFirst(Ensemble.prefix.count))
        guard !inner.model.isEmpty, laneState.rank(inner).modelKnown else { return false }
        leaveLine()
        guard let work = EnsembleWork(laneState) else {
            fail(
                LaneFailure(503, "too many requests of several opinions at once: try again later", retryAfterSeconds: 10),
                as: .rejected)
            return true
        }
        self.ensemble = work
        state = .parked
        let question = Ensemble.Question(
            body: Array(body.readableBytesView), model: inner.model, target: head.target,
            credentials: [
                ("Authorization", head.first(name: "authorization")), ("X-API-Key", head.first(name: "x-api-key")),
            ].compactMap { name, value in value.map { (name, $0) } })
        let back = NIOLoopBound(WeakRequest(self), eventLoop: loop.eventLoop)
        let eventLoop = loop.eventLoop
        work.task = Task.detached {
            let outcome = await ensemble.prepare(question)
            eventLoop.execute { back.value.request?.judged(outcome) }
        }
        return true
    }

    /// The opinions are here: the last question is this request's own from now on.
    private func judged(_ outcome: Ensemble.Outcome) {
        guard state == .parked, ensemble != nil else { return }
        ensemble = nil
        switch outcome {
        case .failed(let status, let words): fail(LaneFailure(status, words), as: .failed)
        case .judge(let bytes):
            guard bytes.count <= settings.maximumBodyBytes, loop.reserve(bytes.count) else {
                return fail(tooManyBodies, as: .rejected)
            }
            loop.giveBack(body.readableBytes)
            body = ByteBuffer(bytes: bytes)
            lastActivity = loop.now
            do throws(ScanError) {
                scan = try readBody()
            } catch {
                return fail(LaneFailure(500, "the opinions could not be put together: \(error.message)"), as: .failed)
            }
            guard let model = scan.model else { return fail(.modelMissing(route: route), as: .failed) }
            fillQuery(model: model)
            askedKey = ModelKey(name: model)
            tries.append(
                RequestTrace.Try(
                    peer: laneState.selfHex, node: settings.nodeName, verdict: "ensemble",
                    reason: "three answers and three critiques were asked for",
                    milliseconds: (LaneClock.now - arrived).milliseconds))
            beginRound()
        }
    }

    private struct WeakRequest {
        weak var request: LaneRequest?
        init(_ request: LaneRequest) { self.request = request }
    }
}
