import Gossip

extension World {
    mutating func perform(_ content: Pending) {
        switch content {
        case .datagram(let datagram, let from, let to):
            switch peers[to].state {
            case .running: deliver(.datagram(datagram, from: peers[from].endpoint), to: to)
            case .paused: if peers[to].waiting.count < 500 { peers[to].waiting.append((datagram, peers[from].endpoint)) }
            case .asleep, .down: break
            }
        case .syncRequest(let half, let from, let generation, let to):
            answerSync(half, from: from, generation: generation, to: to)
        case .syncAnswer(let answer, let from, let to, let generation):
            if peers[to].generation == generation { deliver(.synced(answer, from: peers[from].endpoint), to: to) }
        case .tunnelled(let datagram, let from, let generation, let to):
            endTunnel(datagram, from: from, generation: generation, to: to)
        case .tunnelFailed(let endpoint, let place, let generation):
            if peers[place].generation == generation { deliver(.tunnelFailed(endpoint), to: place) }
        case .syncFailed(let endpoint, let place, let generation):
            if peers[place].generation == generation { deliver(.syncFailed(endpoint), to: place) }
        case .command(let epoch, let router, let target): receiveCommand(epoch: epoch, router: router, at: target)
        case .candidate(let of, let to, let generation):
            if peers[to].generation == generation && peers[of].state != .down {
                deliver(.candidate(peers[of].endpoint, source: .mdns, expected: peers[of].id.short), to: to)
            }
        case .fault(let fault): apply(fault)
        case .endPartition(let links): for (from, to) in links { blocked[from * count + to] -= 1 }
        case .comeBack(let place, let episode, let noticed): comeBack(place, episode: episode, noticed: noticed)
        case .start(let place, let episode): if peers[place].episode == episode { start(place) }
        case .exit(let place, let episode): if peers[place].episode == episode && peers[place].stopping { leave(place) }
        case .restoreStorage(let place): restoreStorage(place)
        case .deathProof(let of, let to, let generation, let sound):
            // A refused connection is the proof: it is one only while the process is down.
            if !sound || peers[of].state == .down, peers[to].generation == generation {
                deliver(.processDied(peers[of].id), to: to)
            }
        case .issueCommand: if !faultsOver { issueCommand() }
        case .report(let place): if !faultsOver { report(place) }
        }
    }

    private mutating func apply(_ fault: Fault) {
        guard !faultsOver, takeEffect(fault) else { return }
        outcome.faults += 1
        transcript?("\(now / 1_000) fault \(fault)")
    }

    private mutating func takeEffect(_ fault: Fault) -> Bool {
        switch fault {
        case .partition(let side, let lasts):
            var links: [(Int, Int)] = []
            for from in 0..<count {
                for to in 0..<count where side.contains(from) != side.contains(to) { links.append((from, to)) }
            }
            return cut(links, lasts)
        case .oneWay(let from, let to, let lasts):
            return from == to ? false : cut([(from, to)], lasts)
        case .crash(let place, let restart, let midway, let hostLives):
            guard peers[place].state != .down else { return false }
            if let midway, peers[place].state == .running {
                peers[place].dieAfter = midway
            } else {
                crash(place)
                if hostLives { proveDeath(of: place) }
            }
            if let restart {
                let episode = peers[place].episode + (peers[place].state == .down ? 0 : 1)
                post(now + restart.wholeNanoseconds, .start(place, episode: episode))
            }
            return true
        case .pause(let place, let lasts, let noticed):
            return suspend(place, .paused, lasts, noticed: noticed && lasts > .seconds(2))
        case .sleep(let place, let lasts):
            return suspend(place, .asleep, lasts, noticed: mutation != .clockStopsInSleep)
        case .stop(let place, let restart):
            guard peers[place].state == .running, !peers[place].stopping else { return false }
            peers[place].stopping = true
            deliver(.shutdown, to: place)
            post(now + 250_000_000, .exit(place, episode: peers[place].episode))
            if let restart {
                post(now + 300_000_000 + restart.wholeNanoseconds, .start(place, episode: peers[place].episode + 1))
            }
            return true
        case .readOnly(let place, let lasts):
            guard peers[place].state == .running, peers[place].writable else { return false }
            peers[place].writable = false
            deliver(.storage(writable: false), to: place)
            post(now + lasts.wholeNanoseconds, .restoreStorage(place))
            return true
        case .candidacy(let place, let candidacy):
            guard peers[place].state == .running else { return false }
            peers[place].candidacy = candidacy
            deliver(.candidacy(candidacy), to: place)
            return true
        }
    }

    private mutating func cut(_ links: [(Int, Int)], _ lasts: Duration) -> Bool {
        guard !links.isEmpty else { return false }
        for (from, to) in links { blocked[from * count + to] += 1 }
        post(now + lasts.wholeNanoseconds, .endPartition(links))
        return true
    }

    /// Ends a process; what it persisted stays.
    mutating func crash(_ place: Int) {
        transcript?("\(now / 1_000) \(place) ends")
        peers[place].state = .down
        peers[place].core = nil
        peers[place].facts = CoreFacts()
        peers[place].wakeAt = .max
        peers[place].waiting = []
        peers[place].dieAfter = nil
        peers[place].stopping = false
        peers[place].writable = true
        peers[place].episode += 1
        checker.ended(place)
        if mutation == .deathOnSilence { return }
    }

    private mutating func leave(_ place: Int) { crash(place) }

    /// Peers that can reach the host see a reset and a refused connection.
    private mutating func proveDeath(of place: Int) {
        for other in 0..<count where other != place && peers[other].state == .running && blocked[other * count + place] == 0 {
            let after = Int64.random(in: 1_000_000..<200_000_000, using: &generator)
            post(now + after, .deathProof(of: place, to: other, generation: peers[other].generation, sound: true))
        }
    }

    private mutating func suspend(_ place: Int, _ state: SimulatedPeer.State, _ lasts: Duration, noticed: Bool) -> Bool {
        guard peers[place].state == .running, !peers[place].stopping else { return false }
        peers[place].state = state
        peers[place].wakeAt = .max
        peers[place].stoppedAt = now
        peers[place].episode += 1
        post(now + lasts.wholeNanoseconds, .comeBack(place, episode: peers[place].episode, noticed: noticed))
        if mutation == .deathOnSilence {
            for other in 0..<count where other != place && peers[other].state == .running {
                post(now + 300_000_000, .deathProof(of: place, to: other, generation: peers[other].generation, sound: false))
            }
        }
        return true
    }

    private mutating func comeBack(_ place: Int, episode: Int, noticed: Bool) {
        guard peers[place].episode == episode, peers[place].state == .paused || peers[place].state == .asleep else { return }
        let lasted = now - peers[place].stoppedAt
        if mutation == .clockStopsInSleep && peers[place].state == .asleep {
            peers[place].clock.lost += lasted
        }
        peers[place].state = .running
        peers[place].episode += 1
        let held = peers[place].facts.heldEpoch
        if noticed {
            deliver(.resumed(after: .nanoseconds(lasted)), to: place)
            if let held, peers[place].facts.heldEpoch == held {
                checker.report(.zombie, "\(place) still holds epoch \(held) after it was stopped")
            }
        } else {
            deliver(.wake, to: place)
        }
        if peers[place].missedStorage {
            peers[place].missedStorage = false
            deliver(.storage(writable: true), to: place)
        }
        let waiting = peers[place].waiting
        peers[place].waiting = []
        for (datagram, endpoint) in waiting {
            deliver(.datagram(datagram, from: endpoint), to: place)
        }
    }

    private mutating func restoreStorage(_ place: Int) {
        guard !peers[place].writable else { return }
        peers[place].writable = true
        peers[place].missedStorage = peers[place].state != .running
        deliver(.storage(writable: true), to: place)
    }

    /// Starts a process from what its disk holds; it learns of the others by seeds and sightings.
    private mutating func start(_ place: Int) {
        guard peers[place].state == .down else { return }
        peers[place].generation += 1
        peers[place].state = .running
        peers[place].stopping = false
        let record = MemberRecord(
            id: peers[place].id, generation: peers[place].generation, incarnation: 0, status: .alive,
            endpoint: peers[place].endpoint, candidacy: peers[place].candidacy)
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
                HerdCore(Herd(configuration: configuration, selfRecord: record, durable: durable, seed: seed, now: local))
            }
        transcript?("\(now / 1_000) \(place) starts, generation \(peers[place].generation)")
        deliver(.wake, to: place)
        publish(place)
        for other in 0..<count where other != place {
            let seed = other == (place == 0 ? 1 : 0)
            deliver(.candidate(peers[other].endpoint, source: seed ? .seed : .remembered, expected: nil), to: place)
            if blocked[other * count + place] == 0 && chance(500) {
                let after = Int64.random(in: 100_000_000..<2_000_000_000, using: &generator)
                post(now + after, .candidate(of: place, to: other, generation: peers[other].generation))
            }
        }
    }

    /// The faults are over: links are whole, everybody who sleeps wakes, disks can be written.
    mutating func heal() {
        faultsOver = true
        blocked = Array(repeating: 0, count: count * count)
        network = Network()
        var old = agenda
        agenda = Agenda()
        while let (at, pending) = old.pop() {
            switch pending {
            case .endPartition, .fault, .issueCommand, .report: break
            case .comeBack, .restoreStorage: post(now, pending)
            case .start: post(min(at, now + 1_000_000_000), pending)
            default: post(at, pending)
            }
        }
    }
}
