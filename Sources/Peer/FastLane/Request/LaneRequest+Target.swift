internal import Gossip
internal import NIOCore
internal import Routing

extension LaneRequest {
    // MARK: Requests that another peer forwarded here (mesh protocol §8.2.3)

    /// Admits or says busy before the body is read, when the entry named the model.
    func admitAtHead() {
        guard let model = hop.model else { return }
        admitHere(model: model)
    }

    /// The body is whole: decide if that did not happen yet, then run when a slot is there.
    func bodyCompleteAtTarget() {
        if attempt == nil { admitHere(model: query.model) }
        guard state != .done, let attempt else { return }
        guard ModelKey.canonical(query.model) == attempt.model else {
            return fail(LaneFailure(400, "the body names another model than the request's headers"), as: .rejected)
        }
        if slotWaitStarted == nil {
            ask()
        } else {
            state = .slotWait
        }
    }

    private func admitHere(model: String) {
        if route.isManagement { return admitManagement(model: model) }
        let name = ModelKey.canonical(model)
        let engines = laneState.backends.filter { $0.models[name] != nil && $0.kind.serves(route.kind, version: $0.version) }
            .sorted { first, _ in first.id == hop.backend }
        var answer = Busy(reason: "no_backend")
        for engine in engines {
            let now = LaneClock.now
            let id = loop.makeID()
            let (admission, load) = laneState.admit(
                id, model: ModelKey(name: name), backend: engine.id, turn: turn, now: now, waiter: slotWaiter(id))
            switch admission {
            case .busy(let busy):
                answer = busy
                continue
            case .wait: slotWaitStarted = now
            case .run: break
            }
            slot = id
            loadAtAdmission = load
            attempt = Attempt(
                number: hop.attempt, candidate: nil, node: settings.nodeName, peer: laneState.selfID, backend: engine,
                model: name, started: now)
            // Most answers are here before the entry needs to know.
            return slotWaitStarted == nil ? loop.admitSoon(self) : sayAdmitted()
        }
        sayBusy(answer)
    }

    /// Tells the entry, so that it need not wait for the first token to know. The answer itself says it too.
    func sayAdmitted() {
        guard let front, front.isMesh, front.isHTTP11, state != .done, state != .streaming else { return }
        front.write(
            HeadBuilder.buffer(guess: 128) { head in
                head.put("HTTP/1.1 102 Processing\r\n")
                head.line("X-Herd-Load: ", laneState.loadHeader)
                head.put("\r\n")
            })
        front.flush()
    }

    func sayBusy(_ busy: Busy) {
        laneState.count { $0.busyGiven += 1 }
        lastProblem = "busy: \(busy.reason)"
        let eta = busy.etaMilliseconds.map { "\($0)" } ?? ""
        let headers = [
            ("X-Herd-Busy", "\(busy.reason);\(busy.inFlight);\(busy.queued);\(eta)"), ("X-Herd-Load", laneState.loadHeader),
            ("Retry-After", "1"),
        ]
        let body = ErrorWriter.json("this machine is busy: \(busy.reason)", status: 429, dialect: route.dialect)
        answer(status: 429, body: body, headers)
        finish(.rejected)
    }
}
