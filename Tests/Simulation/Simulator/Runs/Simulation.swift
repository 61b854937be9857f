import Gossip

/// Runs schedules.
public enum Simulation {
    /// How long after the last fault one router must be obeyed by all and the tables must agree (I6): the longest wait for the next
    /// dial of a peer out of sight (8 s), a restarted voter's quarantine (5.1 s), the detection of a death (5 s), the voter's
    /// lease at its longest (5.1 s) and 1.5 s for the election; the next exchange of state may be 5 s away after a failed one.
    public static let convergenceBound = Duration.seconds(30)

    /// One history: faults for `schedule.faultTime`, then quiet until the peers agree, a request everywhere, and ten seconds more.
    ///
    /// `transcript` is told every event and action, `history` the lines that real peers would write to their history files.
    public static func run(
        _ schedule: Schedule, subject: Subject = .herd, mutation: Mutation? = nil, transcript: ((String) -> Void)? = nil,
        history: ((String) -> Void)? = nil
    ) -> Outcome {
        var world = World(schedule, subject: subject, mutation: mutation, transcript: transcript, history: history)
        let faultsEnd = schedule.faultTime.wholeNanoseconds
        world.run(until: faultsEnd)
        world.checker.time = world.now
        world.judgeAlarms()
        world.heal()
        // Everybody who is to come back has started by then.
        world.run(until: faultsEnd + 1_500_000_000)
        let limit = faultsEnd + convergenceBound.wholeNanoseconds
        var agreedAt: Int64?
        while world.now < limit, agreedAt == nil {
            world.run(until: min(limit, world.now + 100_000_000))
            if world.disagreement() == nil { agreedAt = world.now }
        }
        world.checker.time = world.now
        if let agreedAt {
            world.outcome.convergence = .nanoseconds(agreedAt - faultsEnd)
            if let text = world.checkBestRouter() { world.checker.report(.convergence, text) }
            if subject == .herd {
                for place in 0..<world.count { world.submit(at: place) }
            }
            world.run(until: world.now + 10_000_000_000)
            // A hand-over to a machine that is preferred may fall on this very moment.
            if world.disagreement() != nil { world.run(until: world.now + 1_000_000_000) }
            world.checker.time = world.now
            if let text = world.disagreement() { world.checker.report(.convergence, "agreed, and then not: \(text)") }
            world.settleRoster()
            world.finishRequests()
        } else {
            world.checker.report(.convergence, world.disagreement() ?? "")
        }
        world.outcome.simulated = .nanoseconds(world.now)
        world.outcome.hash = world.digest.value
        world.outcome.violations = world.checker.violations
        return world.outcome
    }
}

extension World {
    /// Every request has an end once the peers agree (I7). A long line in front of few slots may take a minute.
    mutating func finishRequests() {
        let limit = now + 60_000_000_000
        while now < limit, unanswered() != nil { run(until: now + 500_000_000) }
        checker.time = now
        if let text = unanswered() { checker.report(.service, text) }
    }

    /// Newcomers are admitted one after the other, and what was lost is told again after two seconds: 20 s are plenty.
    mutating func settleRoster() {
        let limit = now + 20_000_000_000
        while now < limit, rosterDisagreement() != nil { run(until: now + 500_000_000) }
        checker.time = now
        if let text = rosterDisagreement() { checker.report(.convergence, text) }
    }

    /// Runs to a true time. A peer that asks for more than 20,000 steps a second is broken.
    mutating func run(until end: Int64) {
        let most = outcome.steps + Int((end - now) / 1_000_000_000 + 1) * 20_000 * count
        while step(until: end) {
            guard outcome.steps <= most else {
                checker.report(.busy, "too many steps")
                now = end
                return
            }
        }
    }
}
