extension Herd {
    /// The machine is about to sleep: the lease is handed over, everybody is told, and then there is silence.
    mutating func fallAsleep(_ now: Instant) {
        feedViewIfChanged(now)
        feed(.suspending, now)
        selfRecord.status = .asleep
        prober.probes.removeAll()
        prober.relays.removeAll()
        prober.again = nil
        sayGoodbye(.asleep, now)
        actions.append(.remember)
        asleepUntil = now + configuration.sleepPatience
    }

    /// The event ends the silence: the machine is back, or did not fall asleep after all.
    mutating func isAwakenedBy(_ event: HerdEvent, _ now: Instant) -> Bool {
        switch event {
        case .resumed:
            break
        case .shutdown:
            asleepUntil = nil
            return true
        default:
            guard let asleepUntil, now >= asleepUntil else { return false }
            resume(now)
        }
        return true
    }

    /// Between the announcement and the sleep: only the lease goes on, until the own grant is given back, and who did not hear the
    /// announcement is told.
    mutating func doze(_ event: HerdEvent, _ now: Instant) -> [HerdAction] {
        switch event {
        case .wake: feed(.wake, now)
        case .datagram(let datagram, let from): doze(through: datagram, from: from, isTunnelled: false, now)
        case .tunnelled(let datagram, let from): doze(through: datagram, from: from, isTunnelled: true, now)
        case .hot(let report): publish(report, now)
        case .cold(let kind, let payload): publish(kind, payload, now)
        case .candidacy(let candidacy): stand(candidacy, now)
        case .ownEndpoint(let endpoint): move(to: endpoint, now)
        case .credentials(let pin, let keyIDs): carry(pin, keyIDs)
        case .storage(let writable, let row): feed(.storage(writable: writable, onDisk: row), now)
        case .restoreSettings(let entries): restoreSettings(entries, now)
        case .writeSetting(let key, let value): writeSetting(key: key, value: value, now)
        case .processDied(let id): feed(.processDied(id), now)
        case .suspending: asleepUntil = now + configuration.sleepPatience
        case .candidate, .farewellHint, .synced, .syncFailed, .evidence, .tunnelFailed, .resumed, .shutdown: break
        }
        return takeActions()
    }

    private mutating func doze(through datagram: Datagram, from: Endpoint, isTunnelled: Bool, _ now: Instant) {
        guard let index = members.index(short: datagram.sender) else { return }
        switch datagram.message {
        case .lease(let message):
            feed(.message(message, from: members.ids[index]), now)
        case .ping(let sequence, let target) where target == 0 || target == selfRecord.id.short:
            incoming = Incoming(from: from, isTunnelled: isTunnelled, version: datagram.version)
            send(.ack(sequence: sequence), [.told(selfRecord)], to: from)
            incoming = nil
        default:
            break
        }
    }

    /// The machine slept, or did not after all: this peer's timers are stale, not its peers.
    mutating func resume(_ now: Instant) {
        asleepUntil = nil
        selfRecord.status = .alive
        feed(.resumed, now)
        prober.localHealth = max(prober.localHealth, 3)
        prober.accuseNobodyUntil = now + prober.stretched(configuration.probeInterval) * 2
        prober.probes.removeAll()
        prober.relays.removeAll()
        prober.again = nil
        for index in members.entries.indices {
            members.entries[index].strikes = 0
            members.entries[index].deathRumoured = false
            guard members.entries[index].suspicion != nil else { continue }
            members.entries[index].suspicion?.startedAt = now
            members.entries[index].suspicion?.chancesLeft = nil
        }
        rearmAll(now)
        raiseIncarnation()
        callAll(.resume, now)
        for index in randomActive(2) { _ = requestSync(index, now) }
    }
}
