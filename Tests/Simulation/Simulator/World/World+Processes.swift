import Gossip

extension World {
    /// Ends a process now or at its next step, and plans its return.
    mutating func kill(_ place: Int, _ restart: Duration?, _ cutOff: SimulatedPeer.CutOff?, hostLives: Bool) -> Bool {
        guard peers[place].state != .down else { return false }
        if let cutOff, peers[place].state == .running {
            peers[place].cutOff = cutOff
        } else {
            crash(place)
            if hostLives {
                proveDeath(of: place)
            } else {
                peers[place].clock.restart(at: now, shown: 0)
            }
        }
        if let restart {
            let episode = peers[place].episode + (peers[place].state == .down ? 0 : 1)
            post(now + restart.wholeNanoseconds, .start(place, episode: episode))
        }
        return true
    }

    /// Ends a process; what it persisted stays.
    mutating func crash(_ place: Int) {
        transcript?("\(now / 1_000) \(place) ends")
        disturb(place)
        peers[place].state = .down
        peers[place].core = nil
        peers[place].facts = CoreFacts()
        peers[place].wakeAt = .max
        peers[place].waiting = []
        peers[place].cutOff = nil
        peers[place].stopping = false
        peers[place].writable = true
        peers[place].draining = false
        peers[place].episode += 1
        checker.ended(place)
        if peers[place].unwritten != nil { checker.refusedWrite(place, onDisk: peers[place].durable) }
        peers[place].unwritten = nil
        endRequests(of: place)
    }

    /// The process ends between its write and what was to follow.
    mutating func crashAtWrite(_ place: Int, lost: Bool) {
        if lost {
            peers[place].durable = peers[place].durableBefore
            checker.lostWrite(place, before: peers[place].durable)
        }
        crash(place)
        // Nobody waits long for a process that wrote late: its restart may have been planned before.
        post(now + 2_000_000_000, .start(place, episode: peers[place].episode))
    }

    mutating func storm(_ place: Int, times: Int, gap: Int64) {
        if peers[place].state == .down { start(place) } else { crash(place) }
        guard times > 0 else { return }
        // A crash counts, a start does not.
        let left = peers[place].state == .down ? times - 1 : times
        post(now + gap, .crashAgain(place, episode: peers[place].episode, times: left, gap: gap))
    }

    mutating func stop(_ place: Int, _ restart: Duration?) -> Bool {
        guard peers[place].state == .running, !peers[place].stopping else { return false }
        peers[place].stopping = true
        disturb(place)
        deliver(.shutdown, to: place)
        post(now + 250_000_000, .exit(place, episode: peers[place].episode))
        if let restart {
            post(now + 300_000_000 + restart.wholeNanoseconds, .start(place, episode: peers[place].episode + 1))
        }
        return true
    }

    /// Peers that can reach the host see a reset and a refused connection.
    private mutating func proveDeath(of place: Int) {
        for other in 0..<count where other != place && peers[other].state == .running && blocked[other * count + place] == 0 {
            let after = Int64.random(in: 1_000_000..<200_000_000, using: &generator)
            proveDeath(of: place, to: other, after: after, sound: true)
        }
    }

    private mutating func proveDeath(of place: Int, to other: Int, after: Int64, sound: Bool) {
        post(
            now + after,
            .deathProof(peers[place].id, of: place, to: other, generation: peers[other].session, sound: sound))
    }

    mutating func suspend(_ place: Int, _ state: SimulatedPeer.State, _ lasts: Duration, noticed: Bool) -> Bool {
        guard peers[place].state == .running, !peers[place].stopping else { return false }
        disturb(place)
        peers[place].state = state
        peers[place].wakeAt = .max
        peers[place].stoppedAt = now
        peers[place].episode += 1
        post(now + lasts.wholeNanoseconds, .comeBack(place, episode: peers[place].episode, noticed: noticed))
        if mutation == .deathOnSilence {
            for other in 0..<count where other != place && peers[other].state == .running {
                proveDeath(of: place, to: other, after: 300_000_000, sound: false)
            }
        }
        return true
    }

    mutating func comeBack(_ place: Int, episode: Int, noticed: Bool) {
        let state = peers[place].state
        guard peers[place].episode == episode, state == .paused || state == .asleep || state == .frozen else { return }
        let lasted = now - peers[place].stoppedAt
        disturb(place)
        watch.forgive(place, now)
        if state == .frozen || mutation == .clockStopsInSleep && state == .asleep {
            peers[place].clock.lost += lasted
        }
        // A clock that stood still is beyond what the holder's belief can bear; only the fence at the targets still holds.
        if state == .frozen { watch.doubtUntil[place] = now + 12_000_000_000 }
        peers[place].state = .running
        peers[place].episode += 1
        let held = peers[place].facts.heldEpoch
        if noticed {
            deliver(.resumed(after: .nanoseconds(lasted)), to: place)
            if let held, peers[place].facts.heldEpoch == held {
                checker.report(.zombie, "\(place) still holds epoch \(held) after it was stopped")
            }
        } else if state == .frozen {
            peers[place].wantedWake = .distantFuture
            plan(place)
        } else {
            deliver(.wake, to: place)
        }
        retryStorage(place)
        if peers[place].missedReport { publish(place) }
        let waiting = peers[place].waiting
        peers[place].waiting = []
        for (datagram, endpoint) in waiting {
            deliver(.datagram(datagram, from: endpoint), to: place)
        }
    }

    /// What the disk says of the others, as old as it is.
    private func rememberedPeers(of place: Int) -> [RememberedPeer] {
        peers[place].remembered.map { peer in
            var peer = peer
            peer.secondsSinceSeen += (now - peers[place].rememberedAt) / 1_000_000_000
            return peer
        }
    }

    /// Starts a process from what its disk holds; it learns of the others by seeds and sightings.
    mutating func start(_ place: Int) {
        guard peers[place].state == .down else { return }
        disturb(place)
        peers[place].generation += 1
        peers[place].session += 1
        peers[place].state = .running
        peers[place].stopping = false
        let record = MemberRecord(
            id: peers[place].id, generation: peers[place].generation, incarnation: 0, status: .alive,
            endpoint: peers[place].endpoint, protocolRange: 1...peers[place].version, candidacy: peers[place].candidacy)
        var durable = peers[place].durable
        if mutation == .noQuarantine { durable.cleanExit = true }
        if mutation == .volatileEpoch { durable = DurableLease() }
        let seed = generator.next()
        let local = peers[place].clock.local(now)
        peers[place].core =
            switch subject {
            case .lease:
                PlainCore(configuration: configuration, selfRecord: record, durable: durable, seed: seed, now: local)
            case .herd:
                HerdCore(
                    Herd(
                        configuration: configuration, selfRecord: record, durable: durable, seed: seed, now: local,
                        remembered: rememberedPeers(of: place)))
            }
        watch.started(place)
        transcript?("\(now / 1_000) \(place) starts, generation \(peers[place].session)")
        if !peers[place].settings.isEmpty { deliver(.restoreSettings(peers[place].settings), to: place) }
        deliver(.wake, to: place)
        publish(place)
        // A machine that is gone is nobody's seed: its owner names others.
        let seedPlace = place == 0 ? min(1, count - 1) : 0
        for other in 0..<count where other != place {
            // Who has nothing on disk was given addresses by somebody. So was who remembers that another one left: those are not
            // dialled, and two that stop at the same time would never meet again where there is no mDNS.
            let isLost = peers[place].remembered.isEmpty && peers[place].life > 0
            let hasLeft = peers[place].remembered.contains { $0.id == peers[other].id && $0.left }
            let isSeed = schedule.hasSeeds && (other == seedPlace || peers[seedPlace].state == .down)
            if isLost || hasLeft || isSeed {
                deliver(.candidate(peers[other].endpoint, source: .seed, expected: nil), to: place)
            } else if subject == .lease {
                deliver(.candidate(peers[other].endpoint, source: .remembered, expected: nil), to: place)
            }
            if blocked[other * count + place] == 0 && chance(500) {
                let after = Int64.random(in: 100_000_000..<2_000_000_000, using: &generator)
                post(now + after, .candidate(of: place, to: other, generation: peers[other].session))
            }
        }
    }
}
