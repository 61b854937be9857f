import Gossip

extension World {
    mutating func perform(_ pending: Pending) {
        switch pending {
        case .datagram(let datagram, let from, let to): arrive(datagram, from: from, to: to)
        case .handled(let datagram, let from, let to, let generation):
            if peers[to].session == generation { deliver(.datagram(datagram, from: peers[from].endpoint), to: to) }
        case .tunnelled(let datagram, let from, let to, let isAnswer):
            leaveTunnel(datagram, from: from, to: to, isAnswer: isAnswer)
        case .tunnelFailed(let endpoint, let place, let generation):
            if peers[place].session == generation { deliver(.tunnelFailed(endpoint), to: place) }
        case .syncRequest(let half, let from, let generation, let to):
            answerSync(half, from: from, generation: generation, to: to)
        case .syncAnswer(let answer, let from, let to, let generation):
            if peers[to].session == generation { deliver(.synced(answer, from: peers[from].endpoint), to: to) }
        case .syncFailed(let endpoint, let place, let generation):
            if peers[place].session == generation { deliver(.syncFailed(endpoint), to: place) }
        case .command(let epoch, let router, let target): receiveCommand(epoch: epoch, router: router, at: target)
        case .candidate(let of, let to, let generation):
            if peers[to].session == generation && peers[of].state != .down {
                deliver(.candidate(peers[of].endpoint, source: .mdns, expected: peers[of].id.short), to: to)
            }
        case .issueCommand: if !faultsOver { issueCommand() }
        case .report(let place): if !faultsOver { report(place) }
        case .request(let step): perform(step)
        default: performFault(pending)
        }
    }

    private mutating func performFault(_ pending: Pending) {
        switch pending {
        case .fault(let fault): apply(fault)
        case .endOfFault(let fault): end(fault)
        case .endPartition(let links): mend(links)
        case .cutAgain(let links, let lasts): _ = cut(links, .nanoseconds(lasts))
        case .crashAgain(let place, let episode, let times, let gap):
            if peers[place].episode == episode { storm(place, times: times, gap: gap) }
        case .fallAsleep(let place, let episode, let lasts):
            if peers[place].episode == episode { _ = suspend(place, .asleep, .nanoseconds(lasts), noticed: true) }
        case .comeBack(let place, let episode, let noticed): comeBack(place, episode: episode, noticed: noticed)
        case .start(let place, let episode): if peers[place].episode == episode { start(place) }
        case .exit(let place, let episode): if peers[place].episode == episode && peers[place].stopping { crash(place) }
        case .deathProof(let id, let of, let to, let generation, let sound):
            // A refused connection is the proof: it is one only while the process is down.
            if !sound || peers[of].state == .down, peers[to].session == generation { deliver(.processDied(id), to: to) }
        default: break
        }
    }

    /// A datagram is at its target's host.
    private mutating func arrive(_ datagram: Datagram, from: Int, to: Int) {
        if datagram.version > peers[to].version, peers[to].state == .running {
            checker.report(.wire, "\(to) gets version \(datagram.version) from \(from), but speaks \(peers[to].version)")
        }
        switch peers[to].state {
        case .running:
            guard peers[to].perEvent > 0 else { return deliver(.datagram(datagram, from: peers[from].endpoint), to: to) }
            let at = max(now, peers[to].busyUntil) + peers[to].perEvent
            // The socket's buffer is full.
            guard at < now + 2_000_000_000 else { return }
            peers[to].busyUntil = at
            post(at, .handled(datagram, from: from, to: to, generation: peers[to].session))
        case .paused: if peers[to].waiting.count < 500 { peers[to].waiting.append((datagram, peers[from].endpoint)) }
        case .asleep, .frozen, .down: break
        }
    }
}
