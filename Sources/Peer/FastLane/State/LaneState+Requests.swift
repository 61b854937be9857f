internal import Gossip
internal import Routing
internal import Synchronization

extension LaneState {
    // MARK: Ranking

    /// Ranks machines for a request; those that said busy a moment ago come last.
    func plan(_ request: RouteRequest, now: Instant) -> Plan {
        contents.withLock { contents in
            var ranking = contents.rank(request, now: now)
            guard !contents.busyMarks.isEmpty, ranking.candidates.count > 1 else {
                return contents.plan(ranking)
            }
            let marks = contents.busyMarks
            let isMarked = { (c: Candidate) in marks.isMarked(c.peer, model: ModelKey(name: c.servedModel), now: now) }
            if ranking.candidates.contains(where: isMarked) {
                ranking.candidates = ranking.candidates.filter { !isMarked($0) } + ranking.candidates.filter(isMarked)
            }
            return contents.plan(ranking)
        }
    }

    // MARK: Slots of this machine

    /// Asks for a slot at a local engine. `.run` and `.wait` hold a place under `id` until `release`.
    func admit(
        _ id: UInt64, model: ModelKey, backend: String, turn: Turn, now: Instant, waiter: @autoclosure () -> SlotWaiter
    ) -> (Admission, load: (inFlight: Int, queued: Int)) {
        let (admission, load) = contents.withLock { contents -> (Admission, (inFlight: Int, queued: Int)) in
            let admission = contents.slots.admit(id, model: model, backend: backend, turn: turn, now: now)
            if admission == .wait { contents.slotWaiters[id] = waiter() }
            contents.slotWatch?.admitted(id, admission, backend: backend, model: model, backends: contents.backends)
            return (admission, contents.slots.counts)
        }
        if case .busy = admission { return (admission, load) }
        loadChanged()
        return (admission, load)
    }

    /// Gives a place back, running or waiting. Exactly once per place.
    ///
    /// - Parameter ranToEnd: its runtime says something of the next ones.
    func release(_ id: UInt64, ranToEnd: Bool, now: Instant) {
        let wake = contents.withLock { contents -> Wake? in
            contents.slotWatch?.released(id)
            if contents.slotWaiters.removeValue(forKey: id) != nil {
                let next = contents.slots.abandoned(id, now: now)
                return next.flatMap { contents.slotWaiters.removeValue(forKey: $0)?.granted }
            }
            if let next = ranToEnd ? contents.slots.finished(id, now: now) : contents.slots.abandoned(id, now: now) {
                contents.slotWatch?.runs(next, contents.backends)
                return contents.slotWaiters.removeValue(forKey: next)?.granted
            }
            return contents.wakeFirst(now: now)
        }
        wake?()
        loadChanged()
    }

    /// A streamed answer of an engine whose slots are tried begins: another request may run now. Tells whether this was a trial.
    func spoke(_ id: UInt64, now: Instant) -> Bool {
        let (wake, isTrial) = contents.withLock { contents -> (Wake?, Bool) in
            let (next, isTrial) = contents.slots.spoke(id, now: now)
            guard let next else { return (nil, isTrial) }
            contents.slotWatch?.runs(next, contents.backends)
            return (contents.slotWaiters.removeValue(forKey: next)?.granted, isTrial)
        }
        wake?()
        return isTrial
    }

    /// The client of such a request reads slowly.
    func heldSlot(_ id: UInt64) { contents.withLock { $0.slots.held(id) } }

    // MARK: The waiting line

    /// Joins the line; nil when it is full.
    func joinLine(_ id: UInt64, model: ModelKey, peers: [PeerID], turn: Turn, waiter: LineWaiter) -> Int? {
        let now = LaneClock.now
        let (position, again) = contents.withLock { contents -> (Int?, Wake?) in
            let before = contents.line.count
            let position = contents.line.join(id, model: model, peers: peers, turn: turn, now: now)
            if position != nil { contents.lineWaiters[id] = waiter }
            contents.counters.waited += contents.line.count - before
            let missed = contents.line.missedCall(id)
            return (position, contents.called(missed))
        }
        again?()
        return position
    }

    func leaveLine(_ id: UInt64) {
        let wake = contents.withLock { contents in
            contents.lineWaiters.removeValue(forKey: id)
            let next = contents.line.leave(id, now: LaneClock.now)
            return contents.called(next)
        }
        wake?()
    }

    func mayTry(_ id: UInt64) -> Bool { contents.withLock { $0.line.mayTry(id, now: LaneClock.now) } }

    func position(of id: UInt64) -> Int? { contents.withLock { $0.line.position(of: id, now: LaneClock.now) } }

    /// Others wait for this model who come before; the first of them then tries at once, and a newcomer stands behind.
    func mustQueue(_ model: ModelKey, _ turn: Turn, now: Instant) -> Bool {
        let (holds, wake) = contents.withLock { contents -> (Bool, Wake?) in
            guard contents.line.count > 0 else { return (false, nil) }
            guard contents.line.holds(model, before: turn, now: now) else { return (false, nil) }
            let next = contents.line.wakeFirst(of: model, now: now)
            return (true, contents.called(next))
        }
        wake?()
        return holds
    }

    /// Engines changed: whoever waits may find room here.
    func wakeWaiting() {
        let wake = contents.withLock { $0.wakeFirst(now: LaneClock.now) }
        wake?()
    }

    // MARK: Targets

    /// Notes an attempt at this target; false when it came before.
    func isFirstArrival(_ request: String, attempt: Int, now: Instant) -> Bool {
        contents.withLock { $0.seen.insert(request, attempt: attempt, now: now) }
    }

    /// `X-Herd-Load`: this machine's record version, running, waiting.
    var loadHeader: String {
        contents.withLock { contents in
            let version = contents.view.me?.hotVersion ?? .none
            let load = contents.slots.counts
            return "\(version.generation).\(version.counter);\(load.inFlight);\(load.queued)"
        }
    }
}

extension LaneState.Contents {
    /// Calls the first in line that this machine may serve.
    ///
    /// In two steps: asked in one expression, the whole of the contents would be copied for every request that ends.
    fileprivate mutating func wakeFirst(now: Instant) -> Wake? {
        guard line.count > 0 else { return nil }
        let next = line.wakeFirst(for: view.selfID, now: now)
        return called(next)
    }

    fileprivate func plan(_ ranking: Ranking) -> Plan {
        Plan(ranking: ranking, view: view, backends: backends, othersWait: line.count > 0)
    }
}
