import Gossip
import Routing

extension World {
    mutating func perform(_ step: RequestStep) {
        switch step {
        case .submit:
            guard !faultsOver, subject == .herd else { return }
            post(now + Int64.random(in: 500_000_000..<4_000_000_000, using: &desk.generator), .request(.submit))
            submit(at: Int.random(in: 0..<count, using: &desk.generator))
        case .dispatch(let number): dispatch(number)
        case .arrive(let number, let attempt, let place, let hop): arrive(number, attempt, at: place, hop: hop)
        case .failed(let number, let attempt, let failure): fail(number, attempt, failure)
        case .firstByte(let number, let attempt):
            if desk.requests[number].attempt == attempt { desk.requests[number].hasFirstByte = true }
        case .runEnds(let number, let attempt, let place, let generation):
            endRun(number, attempt, at: place, generation: generation)
        case .answered(let number, let attempt): finish(number, attempt, step)
        case .entryGone(let number, let attempt, let place): giveUp(number, attempt, at: place)
        }
    }

    /// A client turns up.
    mutating func submit(at entry: Int) {
        guard peers[entry].state == .running, !peers[entry].stopping else { return }
        desk.requests.append(RequestDesk.Request(entry: entry, generation: peers[entry].session))
        outcome.requests.submitted += 1
        dispatch(desk.requests.count - 1)
    }

    /// The request's entry process lives; when it is stopped for now, `step` comes again later.
    private mutating func entry(of number: Int, orAgain step: RequestStep) -> Int? {
        let request = desk.requests[number]
        guard !request.hasEnded, peers[request.entry].session == request.generation, peers[request.entry].state != .down
        else { return nil }
        guard peers[request.entry].state == .running else {
            post(now + 300_000_000, .request(step))
            return nil
        }
        return request.entry
    }

    /// The entry ranks the machines on its view, with the real scorer, and sends the request to the best.
    private mutating func dispatch(_ number: Int) {
        guard let entry = entry(of: number, orAgain: .dispatch(number)), let core = peers[entry].core else { return }
        let local = peers[entry].clock.local(now)
        guard desk.requests[number].tries < 3, let view = core.view(now: local),
            let best = desk.ranking(of: number, view, now: local).first
        else { return park(number) }
        let (place, _) = SimulatedPeer.place(best.peer)
        desk.requests[number].attempt += 1
        desk.requests[number].tries += 1
        desk.requests[number].tried.append(best.peer)
        desk.requests[number].hasFirstByte = false
        let attempt = desk.requests[number].attempt
        desk.deltas[entry].dispatched(to: best.peer, model: ModelKey(name: RequestDesk.model), version: best.recordVersion)
        digest.add(UInt64(number) << 8 | UInt64(place))
        if place == entry {
            arrive(number, attempt, at: entry, hop: 0)
        } else if isCut(entry, place) {
            post(now + 2_000_000_000, .request(.failed(number, attempt: attempt, .unreachable)))
        } else {
            outcome.requests.forwards += 1
            post(now + reliableDelay(), .request(.arrive(number, attempt: attempt, at: place, hop: 1)))
        }
    }

    /// No machine has room: the entry keeps the request and tries again.
    private mutating func park(_ number: Int) {
        outcome.requests.parked += 1
        desk.requests[number].tries = 0
        desk.requests[number].tried = []
        let pause = Int64.random(in: 100_000_000..<800_000_000, using: &desk.generator)
        post(now + pause, .request(.dispatch(number)))
    }

    /// A machine decides on what came.
    private mutating func arrive(_ number: Int, _ attempt: Int, at place: Int, hop: Int) {
        let entry = desk.requests[number].entry
        checker.time = now
        if hop > 1 { checker.report(.requests, "request \(number) is at \(place) after \(hop) hops") }
        let isReachable = place == entry || !isCut(entry, place)
        guard isReachable, peers[place].state == .running, !peers[place].stopping else {
            if isReachable, peers[place].state == .paused {
                return post(now + 200_000_000, .request(.arrive(number, attempt: attempt, at: place, hop: hop)))
            }
            let isRefused = isReachable && (peers[place].state == .down || peers[place].stopping)
            let after = isRefused ? delay() : 2_000_000_000
            return post(now + after, .request(.failed(number, attempt: attempt, .unreachable)))
        }
        let key = RequestDesk.key(number, attempt)
        let local = peers[place].clock.local(now)
        let admission = desk.slots[place].admit(
            key, model: ModelKey(name: RequestDesk.model), backend: RequestDesk.engine, now: local)
        switch admission {
        case .run: begin(key, at: place)
        case .wait: desk.waiting[place].append(key)
        case .busy:
            outcome.requests.busy += 1
            if mutation == .forwardsAgain, hop == 1, count > 2 {
                let next = (place + 1) % count
                return post(now + reliableDelay(), .request(.arrive(number, attempt: attempt, at: next, hop: hop + 1)))
            }
            post(now + (place == entry ? 0 : reliableDelay()), .request(.failed(number, attempt: attempt, .busy)))
        }
        checkSlots(place)
    }

    /// A request runs.
    private mutating func begin(_ key: UInt64, at place: Int) {
        let (number, attempt) = (Int(key >> 16), Int(key & 0xFFFF))
        desk.running[place].append(key)
        let service = Int64.random(in: 200_000_000..<3_000_000_000, using: &desk.generator)
        let generation = peers[place].session
        post(now + service / 2, .request(.firstByte(number, attempt: attempt)))
        post(now + service, .request(.runEnds(number, attempt: attempt, at: place, generation: generation)))
        tell("admit", key, at: place)
    }

    private mutating func endRun(_ number: Int, _ attempt: Int, at place: Int, generation: UInt32) {
        let key = RequestDesk.key(number, attempt)
        guard peers[place].session == generation, desk.running[place].contains(key) else { return }
        let entry = desk.requests[number].entry
        guard peers[place].state == .running, place == entry || !isCut(entry, place) else {
            // Stopped, or its bytes wait for the line.
            return post(now + 300_000_000, .request(.runEnds(number, attempt: attempt, at: place, generation: generation)))
        }
        free(key, at: place, served: true)
        post(now + (place == entry ? 0 : reliableDelay()), .request(.answered(number, attempt: attempt)))
    }

    /// A run is over; who waited longest runs next.
    private mutating func free(_ key: UInt64, at place: Int, served: Bool) {
        let local = peers[place].clock.local(now)
        desk.running[place].removeAll { $0 == key }
        tell("release", key, at: place)
        let next =
            served ? desk.slots[place].finished(key, now: local) : desk.slots[place].abandoned(key, now: local)
        if let next {
            desk.waiting[place].removeAll { $0 == next }
            begin(next, at: place)
        }
        checkSlots(place)
    }

    /// The machine's table says what runs and waits there, and keeps to its limit.
    private mutating func checkSlots(_ place: Int) {
        let load = desk.slots[place].load
        let (runs, waits) = (desk.running[place].count, desk.waiting[place].count)
        if load.inFlight != runs || load.queued != waits || runs > desk.limits[place] || waits > desk.limits[place] {
            checker.report(
                .requests, "\(place) has \(desk.limits[place]) slots, runs \(runs), keeps \(waits) waiting, and counts \(load)")
        }
    }

    /// An attempt came to nothing: the next machine, unless the client has seen a byte.
    private mutating func fail(_ number: Int, _ attempt: Int, _ failure: RequestStep.Failure) {
        guard entry(of: number, orAgain: .failed(number, attempt: attempt, failure)) != nil,
            desk.requests[number].attempt == attempt
        else { return }
        if failure == .broken, desk.requests[number].hasFirstByte {
            outcome.requests.brokenOff += 1
            return end(number)
        }
        if failure != .busy { outcome.requests.retries += 1 }
        dispatch(number)
    }

    private mutating func finish(_ number: Int, _ attempt: Int, _ step: RequestStep) {
        let request = desk.requests[number]
        guard peers[request.entry].session == request.generation, peers[request.entry].state != .down,
            request.attempt == attempt
        else { return }
        checker.time = now
        if request.hasEnded {
            checker.report(.requests, "request \(number) ends twice")
        } else if entry(of: number, orAgain: step) != nil {
            outcome.requests.succeeded += 1
            end(number)
        }
    }

    private mutating func end(_ number: Int) {
        desk.requests[number].hasEnded = true
        tell("request-end", RequestDesk.key(number, 0), at: desk.requests[number].entry)
    }

    /// A process ends: what ran there breaks off, and what entered there is gone.
    mutating func endRequests(of place: Int) {
        for key in desk.running[place] + desk.waiting[place] {
            let (number, attempt) = (Int(key >> 16), Int(key & 0xFFFF))
            let after = delay() + (Bool.random(using: &desk.generator) ? 0 : 3_000_000_000)
            post(now + after, .request(.failed(number, attempt: attempt, .broken)))
        }
        desk.reset(place, draining: false)
        for number in desk.requests.indices
        where desk.requests[number].entry == place && !desk.requests[number].hasEnded {
            desk.requests[number].hasEnded = true
            outcome.requests.lostWithEntry += 1
            for target in 0..<count where target != place {
                let key = RequestDesk.key(number, desk.requests[number].attempt)
                guard desk.running[target].contains(key) || desk.waiting[target].contains(key) else { continue }
                let after = Int64.random(in: 1_000_000..<2_000_000_000, using: &desk.generator)
                post(now + after, .request(.entryGone(number, attempt: desk.requests[number].attempt, at: target)))
            }
        }
    }

    private mutating func giveUp(_ number: Int, _ attempt: Int, at place: Int) {
        let key = RequestDesk.key(number, attempt)
        if desk.running[place].contains(key) {
            free(key, at: place, served: false)
        } else if desk.waiting[place].contains(key) {
            desk.waiting[place].removeAll { $0 == key }
            desk.slots[place].abandoned(key, now: peers[place].clock.local(now))
            checkSlots(place)
        }
    }

    mutating func setDraining(_ place: Int, _ draining: Bool) {
        guard peers[place].draining != draining else { return }
        peers[place].draining = draining
        desk.configure(place, draining: draining)
        let settled = desk.slots[place].settle(now: peers[place].clock.local(now))
        for key in settled.run {
            desk.waiting[place].removeAll { $0 == key }
            begin(key, at: place)
        }
        publish(place)
    }

    /// Every request whose entry lives has ended; nil when so.
    func unanswered() -> String? {
        for (number, request) in desk.requests.enumerated() where !request.hasEnded {
            guard peers[request.entry].session == request.generation, peers[request.entry].state != .down else { continue }
            return "request \(number) of \(request.entry) has no end after \(request.attempt) attempts"
        }
        return nil
    }

    private func tell(_ event: String, _ key: UInt64, at place: Int) {
        guard let history else { return }
        let request = #","request":"\#(key >> 16)\#(event == "request-end" ? "" : ".\(key & 0xFFFF)")""#
        let slot = event == "request-end" ? "" : #","key":"\#(RequestDesk.engine)","limit":\#(desk.limits[place])"#
        history(historyLine(event, of: place, peers[place].clock.local(now), request + slot))
    }
}
