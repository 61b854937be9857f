extension Herd {
    /// A member is alive at its present incarnation: whatever was believed against it is void.
    mutating func revive(_ index: Int, _ now: Instant) {
        guard Self.commonVersion(selfRecord.protocolRange, members.entries[index].record.protocolRange) != nil else {
            return shun(index)
        }
        let before = members.entries[index].status
        clearTrial(index)
        members.entries[index].record.status = .alive
        members.entries[index].redialAt = nil
        members.entries[index].redials = 0
        if before != .alive && before != .suspect {
            activate(index)
            let delay = random.duration(below: .milliseconds(200))
            wantWholeState(index, at: now + delay, now)
        }
        if before != .alive { noteStatus(index, from: before) }
    }

    /// A member is dead by time-out or rumour, or said goodbye.
    mutating func depart(_ index: Int, _ status: MemberStatus, _ now: Instant) {
        let before = members.entries[index].status
        guard members.entries[index].record.status != status else { return }
        clearTrial(index)
        let id = members.ids[index]
        members.entries[index].record.status = status
        members.entries[index].pull.dueAt = nil
        members.setActive(id, false)
        prober.drop(id)
        if prober.again == id { prober.again = nil }
        if status.isRedialled {
            members.entries[index].redials = 0
            scheduleRedial(index, now)
        } else {
            members.entries[index].redialAt = nil
        }
        redialSeed(behind: id, now)
        noteStatus(index, from: before)
        tell(member: index)
        rearmIfAlone(now)
    }

    /// A member takes part: it is probed, told and counted.
    mutating func activate(_ index: Int) {
        let id = members.ids[index]
        members.setActive(id, true)
        if !prober.order[min(prober.cursor, prober.order.count)...].contains(id) {
            let place = Int.random(in: min(prober.cursor, prober.order.count)...prober.order.count, using: &random)
            prober.order.insert(id, at: place)
        }
    }

    /// Starts the probe timer when there is somebody to probe.
    mutating func startTicking(_ now: Instant) {
        guard !prober.isTicking, !members.active.isEmpty else { return }
        prober.isTicking = true
        timers.add(.tick, at: now + random.duration(below: configuration.probeInterval))
    }

    mutating func clearTrial(_ index: Int) {
        if members.entries[index].suspicion != nil {
            members.entries[index].suspicion = nil
            members.suspects -= 1
        }
        members.entries[index].strikes = 0
        members.entries[index].deathRumoured = false
        let id = members.ids[index]
        prober.probes.removeAll { $0.target == id && $0.purpose == .lastChance }
    }
}
