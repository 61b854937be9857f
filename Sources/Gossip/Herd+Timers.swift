extension Herd {
    /// Uptime after which a peer counts as seasoned in elections.
    static let seasonedAfter = Duration.seconds(600)

    /// The timers that run from the start.
    mutating func startTimers(_ now: Instant) {
        if !selfRecord.candidacy.seasoned { timers.add(.seasoned, at: now + Self.seasonedAfter) }
        timers.add(.sync, at: now + configuration.syncInterval / 2 + random.duration(below: configuration.syncInterval))
        timers.add(.sweep, at: now + .seconds(3_600))
    }

    /// Does everything that is due.
    mutating func runTimers(_ now: Instant) {
        while let timer = timers.popDue(now) {
            switch timer.kind {
            case .tick: tick(now)
            case .probe(let sequence): stepProbe(sequence, now)
            case .relay(let sequence): stepRelay(sequence, now)
            case .suspicion(let id): stepSuspicion(id, now)
            case .redial(let id): redial(id, dueAt: timer.at, now)
            case .dial(let number): dial(number, dueAt: timer.at, now)
            case .greet(let id): greet(id, now)
            case .call: placeCalls(now)
            case .trial(let id): tryUDP(id, now)
            case .twin: lookAgain(now)
            case .pull(let id): pull(id, dueAt: timer.at, now)
            case .hot: publishIfDue(now)
            case .gossip: break  // `settle` runs the round.
            case .sync: syncRound(now)
            case .seasoned: stand(selfRecord.candidacy, now)
            case .sweep: sweep(now)
            }
        }
        if lease.nextWake <= now { feed(.wake, now) }
    }

    /// Ends every event: the lease sees the view, rumours go out, and changes are told.
    mutating func settle(_ now: Instant) {
        guard !isStopped else { return }
        startTicking(now)
        feedViewIfChanged(now)
        gossipIfDue(now)
        if changed.remember { actions.append(.remember) }
        if changed.view { actions.append(.viewChanged) }
        changed.remember = false
        changed.view = false
    }

    /// Forgets members of which there was no word for seven days.
    mutating func sweep(_ now: Instant) {
        timers.add(.sweep, at: now + .seconds(3_600))
        sweepSettings(now)
        findAgedPeers(now)
        let limit = configuration.rememberFor
        guard members.forget(where: { now - $0.lastSeen > limit }) else { return }
        changed.leaseView = true
        changed.view = true
        changed.remember = true
    }
}
