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
    /// How many partitions block a link; at `from * N + to`.
    var blocked: [Int]
    var digest = Digest()
    var checker: Checker
    var outcome: Outcome
    var faultsOver = false
    let transcript: ((String) -> Void)?

    init(_ schedule: Schedule, subject: Subject, mutation: Mutation? = nil, transcript: ((String) -> Void)? = nil) {
        self.schedule = schedule
        self.subject = subject
        self.mutation = mutation
        self.transcript = transcript
        var configuration = HerdConfiguration()
        if mutation == .shortVoter {
            configuration.lease.clockErrorPerMille = -150
        }
        self.configuration = configuration
        generator = SeededGenerator(seed: schedule.seed)
        network = schedule.network
        blocked = Array(repeating: 0, count: schedule.peers * schedule.peers)
        checker = Checker(peers: schedule.peers)
        outcome = Outcome(
            seed: schedule.seed, peers: schedule.peers, hash: 0, steps: 0, simulated: .zero, convergence: nil, faults: 0,
            elections: 0, admitted: 0,
            refused: 0, violations: [])
        for place in 0..<schedule.peers {
            let clock = HostClock(
                offset: Int64.random(in: 0..<1_000_000_000_000, using: &generator),
                ratePerMille: Int64.random(in: -10...10, using: &generator))
            peers.append(SimulatedPeer(place: place, clock: clock, candidacy: schedule.candidacies[place]))
            post(schedule.starts[place].wholeNanoseconds, .start(place, episode: 0))
        }
        for (at, fault) in schedule.faults {
            post(at.wholeNanoseconds, .fault(fault))
        }
        post(1_000_000_000, .issueCommand)
        for place in 0..<schedule.peers { post(5_000_000_000, .report(place)) }
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
        guard peers[place].state == .running, peers[place].core != nil else { return }
        let local = peers[place].clock.local(now)
        checker.time = now
        outcome.steps += 1
        digest.add(UInt64(place))
        digest.add(now)
        digest.add(event)
        transcript?("\(now / 1_000) \(place) < \(event)")
        let actions = peers[place].core?.handle(event, now: local) ?? []
        peers[place].facts = peers[place].core?.facts ?? CoreFacts()
        let dieAfter = peers[place].dieAfter
        peers[place].dieAfter = nil
        for (number, action) in actions.enumerated() {
            if number == dieAfter {
                crash(place)
                return
            }
            digest.add(action)
            transcript?("\(now / 1_000) \(place) > \(action)")
            perform(action, of: place, local)
        }
        if dieAfter != nil {
            crash(place)
            return
        }
        plan(place)
        checkBeliefs(place)
    }

    /// Sets the process's timer; real timers are up to a millisecond late.
    private mutating func plan(_ place: Int) {
        let wanted = peers[place].facts.nextWake
        if wanted == peers[place].wantedWake && peers[place].wakeAt != .max { return }
        peers[place].wantedWake = wanted
        let time = peers[place].clock.trueTime(of: wanted)
        peers[place].wakeAt = time == .max ? .max : max(now, time) + Int64.random(in: 1_000..<1_000_000, using: &generator)
    }

    private mutating func perform(_ action: HerdAction, of place: Int, _ local: Instant) {
        switch action {
        case .persist(let state):
            if !peers[place].writable { checker.report(.durable, "\(place) writes to a state directory that cannot be written") }
            peers[place].durable = state
            checker.persisted(state, by: place)
        case .send(let datagram, let endpoint):
            guard let target = SimulatedPeer.place(endpoint), target < count else { return }
            checkWire(datagram, of: place)
            send(.datagram(datagram, from: place, to: target), from: place, to: target)
        case .sync(let endpoint):
            beginSync(place, with: endpoint, local)
        case .tunnel(let datagram, let endpoint):
            beginTunnel(datagram, from: place, to: endpoint)
        case .viewChanged, .remember, .reidentify, .settingsChanged: break
        case .note(.lease(let note)):
            checker.note(note, by: place, now: local)
            if case .elected = note { outcome.elections += 1 }
        case .note: break
        }
    }
}
