import Gossip

/// Hosts, processes and a network under one virtual clock. Everything that happens follows from the schedule's seed.
struct World {
    let schedule: Schedule
    let subject: Subject
    let mutation: Mutation?
    let configuration: HerdConfiguration
    var generator: SeededGenerator
    var peers: [SimulatedPeer] = []
    var network: Network
    var agenda = Agenda()
    /// True time, nanoseconds since the start.
    var now: Int64 = 0
    /// How many faults block a link, and its datagrams alone; at `from * N + to`.
    var blocked: [Int]
    var blockedUDP: [Int]
    var digest = Digest()
    var checker: Checker
    var watch: Watch
    var desk: RequestDesk
    var outcome: Outcome
    var faultsOver = false
    /// When a peer last lost its disk.
    var diskLostAt = Int64.min / 2
    /// Whose tunnelled datagram is being handled: what goes back to it takes the same way.
    var answering: Int?
    let transcript: ((String) -> Void)?
    let history: ((String) -> Void)?

    init(
        _ schedule: Schedule, subject: Subject, mutation: Mutation?, transcript: ((String) -> Void)?, history: ((String) -> Void)?
    ) {
        self.schedule = schedule
        self.subject = subject
        self.mutation = mutation
        self.transcript = transcript
        self.history = history
        configuration = mutation.map { $0.configuration } ?? HerdConfiguration()
        generator = SeededGenerator(seed: schedule.seed)
        network = schedule.network
        blocked = Array(repeating: 0, count: schedule.peers * schedule.peers)
        blockedUDP = blocked
        checker = Checker(peers: schedule.peers)
        watch = Watch(peers: schedule.peers)
        desk = RequestDesk(peers: schedule.peers, seed: schedule.seed)
        outcome = Outcome(seed: schedule.seed, peers: schedule.peers)
        for place in 0..<schedule.peers {
            let clock = HostClock(
                offset: Int64.random(in: 0..<1_000_000_000_000, using: &generator),
                ratePerMille: Int64.random(in: -10...10, using: &generator))
            peers.append(SimulatedPeer(place: place, clock: clock, candidacy: schedule.candidacies[place]))
        }
        for place in 0..<schedule.peers {
            // Without seeds they know each other from before.
            if !schedule.hasSeeds {
                peers[place].remembered = peers.filter { $0.place != place }.map {
                    RememberedPeer(id: $0.id, endpoint: $0.endpoint, secondsSinceSeen: 60, left: false, ephemeral: false)
                }
            }
            post(schedule.starts[place].wholeNanoseconds, .start(place, episode: 0))
        }
        for (at, fault) in schedule.faults {
            post(at.wholeNanoseconds, .fault(fault))
        }
        post(1_000_000_000, .issueCommand)
        for place in 0..<schedule.peers { post(5_000_000_000, .report(place)) }
        post(4_000_000_000, .request(.submit))
    }

    var count: Int { peers.count }

    mutating func post(_ at: Int64, _ pending: Pending) { agenda.post(at, pending) }

    /// Performs what comes next, unless that is later than `end`. False when nothing was left until then.
    mutating func step(until end: Int64) -> Bool {
        var wake = Int64.max
        var sleeper = -1
        for place in 0..<count where peers[place].wakeAt < wake {
            wake = peers[place].wakeAt
            sleeper = place
        }
        let next = agenda.next
        guard min(next, wake) <= end else {
            now = end
            return false
        }
        if next <= wake, let (at, pending) = agenda.pop() {
            now = max(now, at)
            perform(pending)
        } else {
            now = max(now, wake)
            peers[sleeper].wakeAt = .max
            deliver(.wake, to: sleeper)
        }
        return true
    }

    /// Hands an event to a running process, performs its actions in order, and checks what follows.
    mutating func deliver(_ event: HerdEvent, to place: Int) {
        guard peers[place].state == .running, let core = peers[place].core else { return }
        let local = peers[place].clock.local(now)
        checker.time = now
        outcome.steps += 1
        digest.add(UInt64(place))
        digest.add(now)
        digest.add(event)
        transcript?("\(now / 1_000) \(place) < \(event)")
        checker.word = Checker.Word(event)
        let actions = core.handle(event, now: local)
        peers[place].facts = core.facts
        let cutOff = peers[place].cutOff
        var isViewChanged = false
        if case .afterActions = cutOff { peers[place].cutOff = nil }
        let knewOfFullDisk = peers[place].unwritten != nil
        var mustNotSend = false
        for (number, action) in actions.enumerated() {
            if cutOff == .afterActions(number) { return crash(place) }
            switch action {
            case .persist where !peers[place].writable:
                mustNotSend = true
                if knewOfFullDisk { checker.report(.durable, "\(place) writes to a state directory that it knows to be full") }
            case .send, .tunnel: if mustNotSend { continue }
            default: break
            }
            digest.add(action)
            transcript?("\(now / 1_000) \(place) > \(action)")
            perform(action, of: place, local)
            switch action {
            case .viewChanged: isViewChanged = true
            case .persist:
                if case .atWrite(let lost) = cutOff { return crashAtWrite(place, lost: lost && !mustNotSend) }
            default: break
            }
        }
        if case .afterActions = cutOff { return crash(place) }
        if mustNotSend && !knewOfFullDisk {
            deliver(.storage(writable: false, onDisk: peers[place].durable), to: place)
            return checker.refusedWrite(place, onDisk: peers[place].durable)
        }
        plan(place)
        checkBeliefs(place)
        if isViewChanged { checkVersions(place, core) }
        if outcome.steps & 255 == 0 { checkMemory(place, core) }
    }

    /// Sets the process's timer; real timers are up to a millisecond late.
    mutating func plan(_ place: Int) {
        let wanted = peers[place].facts.nextWake
        if wanted == peers[place].wantedWake && peers[place].wakeAt != .max { return }
        peers[place].wantedWake = wanted
        let time = peers[place].clock.trueTime(of: wanted)
        let late = Int64.random(in: 1_000..<1_000_000, using: &generator) + peers[place].perEvent
        peers[place].wakeAt = time == .max ? .max : max(now, time, peers[place].busyUntil) + late
    }

    private mutating func perform(_ action: HerdAction, of place: Int, _ local: Instant) {
        switch action {
        case .persist(let state):
            write(state, by: place)
        case .send(let datagram, let endpoint):
            guard let target = SimulatedPeer.place(endpoint), target < count else { return }
            guard target != answering else { return tunnel(datagram, from: place, to: target, isAnswer: true) }
            checkWire(datagram, of: place)
            countBytes(datagram, of: place)
            sendDatagram(datagram, from: place, to: target)
        case .tunnel(let datagram, let endpoint):
            guard let target = SimulatedPeer.place(endpoint), target < count else { return }
            checkWire(datagram, of: place)
            tunnel(datagram, from: place, to: target, isAnswer: target == answering)
        case .sync(let endpoint):
            beginSync(place, with: endpoint, local)
        case .note(let note):
            self.note(note, of: place, local)
        case .settingsChanged(let entries): peers[place].settings = entries
        case .remember:
            peers[place].remembered = peers[place].core?.rememberedPeers(now: local) ?? []
            peers[place].rememberedAt = now
        case .viewChanged, .reidentify: break
        }
    }

    private mutating func note(_ note: HerdNote, of place: Int, _ local: Instant) {
        if let history { history(historyLine(note, of: place, local)) }
        switch note {
        case .lease(let note):
            checker.note(note, by: place, now: local)
            if case .elected = note { outcome.elections += 1 }
        case .status(let id, _, let status):
            watchStatus(status, of: id, at: place)
        default: break
        }
    }
}
