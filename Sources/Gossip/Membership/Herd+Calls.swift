extension Herd {
    /// Tells all known members directly of this peer's new record: those in sight first.
    mutating func callAll(_ message: Message, _ now: Instant) {
        guard asleepUntil == nil else { return }
        calls.message = message
        calls.waiting = members.active
        for member in members.entries where member.record.status.isRedialled && !member.isPlaceholder {
            calls.waiting.append(member.id)
        }
        if !calls.isTimed { placeCalls(now) }
    }

    /// Tells the next few.
    mutating func placeCalls(_ now: Instant) {
        calls.isTimed = false
        guard asleepUntil == nil else { return calls.waiting.removeAll() }
        var count = 0
        for id in calls.waiting.prefix(Calls.batch) {
            guard traffic.hasRoom(now) else { break }
            count += 1
            if let index = members.index(id) { send(calls.message, [.told(selfRecord)], to: index) }
        }
        calls.waiting.removeFirst(count)
        guard !calls.waiting.isEmpty else { return }
        calls.isTimed = true
        timers.add(.call, at: now + Calls.spacing)
    }

    /// Says goodbye, twice because a datagram may be lost. In a large fleet some are told, and they tell the rest.
    mutating func sayGoodbye(_ reason: Farewell, _ now: Instant) {
        let told =
            members.active.count <= Calls.mostFarewells
            ? members.active.compactMap { members.index($0) }
            : randomActive(Calls.mostFarewells)
        for _ in 0..<2 {
            for index in told { send(.bye(reason), [.told(selfRecord)], to: index) }
        }
    }
}
