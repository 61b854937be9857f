import Gossip

/// Tells when the machine slept or the process was stopped (mesh protocol §3.6).
///
/// Two signs: the boot clock ran ahead of the monotonic one by more than a second (sleep), or a tick is late by more than
/// two seconds on the boot clock (SIGSTOP, a paused virtual machine).
struct ResumeDetector {
    static let jumpLimit: Duration = .seconds(1)
    static let lateLimit: Duration = .seconds(2)

    private var lead: Duration
    private var tickDue: Instant

    /// `tickDue` is when the first tick is expected.
    init(boot: Instant, monotonic: Instant, tickDue: Instant) {
        lead = boot - monotonic
        self.tickDue = tickDue
    }

    /// Call before every event: how long this peer was away, nil when it was not.
    mutating func check(boot: Instant, monotonic: Instant) -> Duration? {
        let newLead = boot - monotonic
        let jump = newLead - lead
        let late = boot - tickDue
        // The lead changes by nanoseconds between two reads; only a jump is remembered, so that drift cannot add up unseen.
        guard jump > Self.jumpLimit || late > Self.lateLimit else { return nil }
        lead = newLead
        tickDue = boot
        return max(jump, late)
    }

    /// The tick has run; the next one is expected at `next`.
    mutating func ticked(next: Instant) { tickDue = next }
}
