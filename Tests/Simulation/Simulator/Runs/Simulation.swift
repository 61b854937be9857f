import Gossip

/// Runs schedules.
public enum Simulation {
    /// How long after the last fault one router must be obeyed by all and the tables must agree (I6).
    ///
    /// L_v (2.05 s) + 1.5 s + the time to detect a death (5 s), a restart's quarantine (5.1 s) before that, and before all of it
    /// the longest wait for the next dial: dials of an unreachable peer come 2, 4, 8 … s apart, so after faults of F seconds the
    /// next one is at most F + 2 s away.
    public static func convergenceBound(faultTime: Duration) -> Duration {
        faultTime + .seconds(2) + .milliseconds(13_700)
    }

    /// One history: faults for `schedule.faultTime`, then quiet until the peers agree and five seconds more.
    public static func run(
        _ schedule: Schedule, subject: Subject = .herd, mutation: Mutation? = nil, transcript: ((String) -> Void)? = nil
    ) -> Outcome {
        var world = World(schedule, subject: subject, mutation: mutation, transcript: transcript)
        let faultsEnd = schedule.faultTime.wholeNanoseconds
        world.run(until: faultsEnd)
        world.heal()
        // Everybody who is to come back has started by then.
        world.run(until: faultsEnd + 1_500_000_000)
        let limit = faultsEnd + Simulation.convergenceBound(faultTime: schedule.faultTime).wholeNanoseconds
        var agreedAt: Int64?
        while world.now < limit, agreedAt == nil {
            world.run(until: min(limit, world.now + 100_000_000))
            if world.disagreement() == nil { agreedAt = world.now }
        }
        world.checker.time = world.now
        if let agreedAt {
            world.outcome.convergence = .nanoseconds(agreedAt - faultsEnd)
            world.run(until: world.now + 5_000_000_000)
            world.checker.time = world.now
            if let text = world.disagreement() { world.checker.report(.convergence, "agreed, and then not: \(text)") }
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
