import Gossip
import Simulator

/// Follows one peer as a target through all its lives: what it granted, and which commands it obeyed.
struct TargetCheck {
    /// What the target granted, for the comparison of holders.
    struct Grant {
        var line: HistoryLine
        /// Boot clock, nanoseconds.
        var until: Int64
        /// Common clock, nanoseconds.
        var end: Int64
        /// When the target said that it is over, common clock, nanoseconds.
        var expired: Int64?
    }

    private var checker = Checker(peers: 1)
    private var highest: UInt64 = 0
    private var seen = 0
    private var life: HistoryLine.Life?
    private var lastBoot: Int64 = 0
    /// What the life before had granted when it ended.
    private var inherited: Grant?
    private var current: Grant?
    private(set) var grants: [Grant] = []
    private(set) var findings: [Finding] = []
    let clock: CommonClock

    init(clock: CommonClock) { self.clock = clock }

    /// Takes the next line of this target.
    mutating func take(_ line: HistoryLine) {
        if life != line.life { begin(line) }
        lastBoot = max(lastBoot, line.bootNanoseconds)
        checker.time = line.bootNanoseconds
        let now = Instant(nanoseconds: line.bootNanoseconds)
        switch line.kind {
        case .grant: grant(line, now)
        case .renew:
            guard let note = note(line, LeaseNote.renewed(to:epoch:until:)) else { break }
            checker.note(note, by: 0, now: now)
            if var held = current, held.line.epoch == line.epoch, let until = line.untilNanoseconds, let end = clock.end(line) {
                held.until = max(held.until, until)
                held.end = max(held.end, end)
                current = held
            }
        case .expire:
            guard let router = router(line), let epoch = line.epoch else { break }
            checker.note(.ended(of: router, epoch: epoch), by: 0, now: now)
            current?.expired = clock.moment(line)
            close()
        case .command: command(line)
        default: break
        }
        collect(line)
    }

    /// The last grant counts, too.
    mutating func finish() { close() }

    private mutating func begin(_ line: HistoryLine) {
        // A boot clock that began anew says nothing of what was before, unless there is a common one.
        inherited = life == nil ? nil : current
        close()
        // What ends together with a life was given back in good order, and its holder has agreed.
        if let last = grants.indices.last, let expired = grants[last].expired, grants[last].line.life == life {
            grants[last].end = min(grants[last].end, expired)
        }
        checker.ended(0)
        if line.bootNanoseconds < lastBoot, clock != .host { inherited = nil }
        lastBoot = line.bootNanoseconds
        life = line.life
    }

    private mutating func grant(_ line: HistoryLine, _ now: Instant) {
        guard let note = note(line, LeaseNote.granted(to:epoch:until:)), let until = line.untilNanoseconds, let epoch = line.epoch
        else { return }
        if let before = inherited {
            let isEarly = clock == .host ? clock.moment(line) < before.end : line.bootNanoseconds < before.until
            if isEarly, before.line.other != line.other {
                report(
                    .quarantine, line,
                    "grants \(name(line)), but what it granted \(name(before.line)) (\(before.line.place)) was not over yet")
            }
            inherited = nil
        }
        // Whether it is on disk is not in a history.
        highest = max(highest, epoch)
        checker.persisted(DurableLease(maxEpoch: highest), by: 0)
        checker.note(note, by: 0, now: now)
        close()
        current = clock.end(line).map { Grant(line: line, until: until, end: $0) }
    }

    private mutating func command(_ line: HistoryLine) {
        guard let router = router(line), let epoch = line.epoch else { return }
        checker.admitted(epoch: epoch, router: router, at: 0)
        guard let current else {
            return report(.command, line, "obeys \(name(line)) without any grant")
        }
        if current.line.other != line.other || current.line.epoch != epoch {
            report(.command, line, "obeys \(name(line)), but its grant is \(name(current.line)) (\(current.line.place))")
        } else if line.bootNanoseconds >= current.until {
            report(.command, line, "obeys \(name(line)) after the end of the grant (\(current.line.place))")
        }
    }

    private mutating func close() {
        if let current { grants.append(current) }
        current = nil
    }

    /// Turns what the checker of the simulator found into findings.
    private mutating func collect(_ line: HistoryLine) {
        for violation in checker.violations.dropFirst(seen) {
            report(violation.rule == .fence ? .epoch : .exclusiveTarget, line, violation.text)
        }
        seen = checker.violations.count
    }

    private mutating func report(_ rule: Finding.Rule, _ line: HistoryLine, _ text: String) {
        findings.append(Finding(rule: rule, place: line.place, text: "\(line.peer.prefix(8)): \(text)"))
    }

    private func router(_ line: HistoryLine) -> PeerID? { line.other.flatMap { PeerID(hex: $0) } }

    private func note(_ line: HistoryLine, _ make: (PeerID, UInt64, Instant) -> LeaseNote) -> LeaseNote? {
        guard let router = router(line), let epoch = line.epoch, let until = line.untilNanoseconds else { return nil }
        return make(router, epoch, Instant(nanoseconds: until))
    }

    private func name(_ line: HistoryLine) -> String { "\(line.other?.prefix(8) ?? "?")@\(line.epoch ?? 0)" }
}
