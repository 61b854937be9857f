import Gossip

extension World {
    mutating func apply(_ fault: Fault) {
        guard !faultsOver, takeEffect(fault) else { return }
        outcome.faults[fault.kind, default: 0] += 1
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
        case .cut(let a, let b, let lasts): return a == b ? false : cut([(a, b), (b, a)], lasts)
        case .oneWay(let from, let to, let lasts): return from == to ? false : cut([(from, to)], lasts)
        case .flap(let a, let b, let times, let period):
            guard a != b, times > 0 else { return false }
            for number in 1..<max(2, times) {
                post(
                    now + period.wholeNanoseconds * Int64(number),
                    .cutAgain([(a, b), (b, a)], lasts: period.wholeNanoseconds / 2))
            }
            return cut([(a, b), (b, a)], period / 2)
        case .blockUDP(let a, let b, let lasts):
            guard a != b else { return false }
            for link in [a * count + b, b * count + a] { blockedUDP[link] += 1 }
            disturb(a)
            disturb(b)
            post(now + lasts.wholeNanoseconds, .endOfFault(fault))
            return true
        case .lossSpell(let perMille, let lasts):
            guard perMille > network.lossPerMille else { return false }
            network.lossPerMille = perMille
            post(now + lasts.wholeNanoseconds, .endOfFault(fault))
            return true
        default: return takeLocalEffect(fault)
        }
    }

    /// Faults of one machine.
    private mutating func takeLocalEffect(_ fault: Fault) -> Bool {
        switch fault {
        case .crash(let place, let restart, let midway, let hostLives):
            return kill(place, restart, midway.map { .afterActions($0) }, hostLives: hostLives)
        case .crashAtWrite(let place, let restart, let lost):
            guard peers[place].state == .running else { return false }
            return kill(place, restart, .atWrite(lost: lost), hostLives: false)
        case .storm(let place, let times, let gap):
            guard peers[place].state != .down else { return false }
            storm(place, times: times, gap: gap.wholeNanoseconds)
            return true
        case .loseDisk(let place, let restart):
            // More often, and the fleet would be mostly ghosts.
            guard now >= diskLostAt + 20_000_000_000, kill(place, restart, nil, hostLives: false) else { return false }
            diskLostAt = now
            peers[place].loseDisk()
            checker.replaced(place)
            watch.replaced(place)
            return true
        case .pause(let place, let lasts, let noticed):
            return suspend(place, .paused, lasts, noticed: noticed && lasts > .seconds(2))
        case .freeze(let place, let lasts): return suspend(place, .frozen, lasts, noticed: false)
        case .sleep(let place, let lasts, let announced):
            guard announced else { return suspend(place, .asleep, lasts, noticed: mutation != .clockStopsInSleep) }
            guard peers[place].state == .running, !peers[place].stopping else { return false }
            disturb(place)
            deliver(.suspending, to: place)
            post(now + 200_000_000, .fallAsleep(place, episode: peers[place].episode, lasts: lasts.wholeNanoseconds))
            return true
        case .slow(let place, let lasts, let perEvent):
            guard peers[place].perEvent == 0 else { return false }
            peers[place].perEvent = perEvent.wholeNanoseconds
            post(now + lasts.wholeNanoseconds, .endOfFault(fault))
            return true
        case .stop(let place, let restart): return stop(place, restart)
        case .upgrade(let place, let restart):
            guard stop(place, restart) else { return false }
            peers[place].version = 2
            return true
        default: return takeOperatorEffect(fault)
        }
    }

    private mutating func takeOperatorEffect(_ fault: Fault) -> Bool {
        switch fault {
        case .readOnly(let place, let lasts):
            guard peers[place].state == .running, peers[place].writable else { return false }
            // The process learns of it by the next row that it writes.
            peers[place].writable = false
            post(now + lasts.wholeNanoseconds, .endOfFault(fault))
            return true
        case .candidacy(let place, let candidacy):
            guard peers[place].state == .running else { return false }
            peers[place].candidacy = candidacy
            deliver(.candidacy(candidacy), to: place)
            return true
        case .drain(let place, let lasts):
            guard peers[place].state == .running, !peers[place].draining else { return false }
            setDraining(place, true)
            post(now + lasts.wholeNanoseconds, .endOfFault(fault))
            return true
        case .writeSetting(let place, let key, let value):
            guard peers[place].state == .running, !peers[place].stopping, subject == .herd else { return false }
            deliver(.writeSetting(key: "key\(key)", value: value == 0 ? nil : "value \(value)"), to: place)
            return true
        case .wallJump: return true
        default: return false
        }
    }

    /// What had a time is over.
    mutating func end(_ fault: Fault) {
        switch fault {
        case .blockUDP(let a, let b, _):
            guard !faultsOver else { return }
            for link in [a * count + b, b * count + a] { blockedUDP[link] -= 1 }
            disturb(a)
            disturb(b)
        case .lossSpell: network.lossPerMille = faultsOver ? 0 : schedule.network.lossPerMille
        case .slow(let place, _, _):
            peers[place].perEvent = 0
            disturb(place)
        case .readOnly(let place, _):
            guard !peers[place].writable else { return }
            peers[place].writable = true
            retryStorage(place)
        case .drain(let place, _): setDraining(place, false)
        default: break
        }
    }

    mutating func cut(_ links: [(Int, Int)], _ lasts: Duration) -> Bool {
        guard !links.isEmpty, !faultsOver else { return false }
        for (from, to) in links {
            blocked[from * count + to] += 1
            disturb(from)
            disturb(to)
        }
        post(now + lasts.wholeNanoseconds, .endPartition(links))
        return true
    }

    mutating func mend(_ links: [(Int, Int)]) {
        for (from, to) in links {
            blocked[from * count + to] -= 1
            disturb(from)
            disturb(to)
        }
    }

    /// The faults are over: links are whole, everybody who sleeps wakes, disks can be written.
    mutating func heal() {
        noteBestRouter()
        faultsOver = true
        blocked = Array(repeating: 0, count: count * count)
        blockedUDP = blocked
        network = Network()
        for place in 0..<count {
            disturb(place)
            peers[place].cutOff = nil
        }
        var old = agenda
        agenda = Agenda()
        while let (at, pending) = old.pop() {
            switch pending {
            case .endPartition, .cutAgain, .fault, .issueCommand, .report: break
            case .crashAgain(let place, let episode, _, _): post(now, .start(place, episode: episode))
            case .comeBack, .endOfFault: post(now, pending)
            case .start: post(min(at, now + 1_000_000_000), pending)
            // What TCP would send again after a long pause comes with the first packets that pass.
            case .request, .syncRequest, .syncAnswer, .syncFailed, .tunnelled, .tunnelFailed:
                post(min(at, now + 2_000_000_000), pending)
            case .fallAsleep(let place, let episode, _): post(now + 1, .fallAsleep(place, episode: episode, lasts: 100_000_000))
            default: post(at, pending)
            }
        }
    }
}
