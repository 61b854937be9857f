public import Gossip

/// Something that goes wrong at a time. Durations are true time.
public enum Fault: Sendable, Hashable {
    /// No packet passes between the peers of `side` and the others.
    case partition(side: Set<Int>, lasts: Duration)
    /// Packets from one peer to another vanish.
    case oneWay(from: Int, to: Int, lasts: Duration)
    /// The process ends at once; what was persisted stays. `midway` cuts it off after that many actions of its next event.
    /// `hostLives`: the host refuses connections, which is proof of death.
    case crash(Int, restartAfter: Duration?, midway: Int?, hostLives: Bool)
    /// The process is stopped (SIGSTOP); packets wait for it. `noticed`: it tells its rules that it was stopped.
    case pause(Int, lasts: Duration, noticed: Bool)
    /// The machine sleeps; packets are lost.
    case sleep(Int, lasts: Duration)
    /// A clean stop, and a new start.
    case stop(Int, restartAfter: Duration?)
    /// The state directory cannot be written.
    case readOnly(Int, lasts: Duration)
    /// The peer's candidacy changes.
    case candidacy(Int, Candidacy)

    /// The kinds of which a schedule enables a random subset.
    public enum Kind: Int, Sendable, CaseIterable {
        case partition, isolation, oneWay, crash, crashMidway, pause, sleep, stop, readOnly, candidacy
    }
}
