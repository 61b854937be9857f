public import Gossip

/// Something that goes wrong, or that an operator does, at a time. Durations are true time.
public enum Fault: Sendable, Hashable {
    /// No packet passes between the peers of `side` and the others.
    case partition(side: Set<Int>, lasts: Duration)
    /// No packet passes between two peers; others reach both.
    case cut(Int, Int, lasts: Duration)
    /// Packets from one peer to another vanish.
    case oneWay(from: Int, to: Int, lasts: Duration)
    /// Datagrams between two peers vanish; TCP passes.
    case blockUDP(Int, Int, lasts: Duration)
    /// A link fails so many times, for half a period each.
    case flap(Int, Int, times: Int, period: Duration)
    /// So many packets in a thousand are lost everywhere.
    case lossSpell(perMille: Int, lasts: Duration)
    /// The process ends at once; what was persisted stays. `midway` cuts it off after that many actions of its next event.
    /// `hostLives`: the host refuses connections, which is proof of death; else it is a power cut, and its clock starts anew.
    case crash(Int, restartAfter: Duration?, midway: Int?, hostLives: Bool)
    /// The process ends after its next write to disk, before anything else; `lost`: that write never reached the disk.
    case crashAtWrite(Int, restartAfter: Duration, lost: Bool)
    /// The process ends and starts so many times.
    case storm(Int, times: Int, gap: Duration)
    /// The disk is lost: the peer comes back as another one.
    case loseDisk(Int, restartAfter: Duration)
    /// The process is stopped (SIGSTOP); packets wait for it. `noticed`: it tells its rules that it was stopped.
    case pause(Int, lasts: Duration, noticed: Bool)
    /// The virtual machine is paused: all its clocks stand still, and nothing is noticed.
    case freeze(Int, lasts: Duration)
    /// The machine sleeps; packets are lost. `announced`: its rules are told a little before.
    case sleep(Int, lasts: Duration, announced: Bool)
    /// The machine takes this long for every event.
    case slow(Int, lasts: Duration, perEvent: Duration)
    /// A clean stop, and a new start.
    case stop(Int, restartAfter: Duration?)
    /// A clean stop, and a start of a program that also speaks the next protocol version.
    case upgrade(Int, restartAfter: Duration)
    /// The state directory cannot be written.
    case readOnly(Int, lasts: Duration)
    /// The peer's candidacy changes: priority, pin, battery.
    case candidacy(Int, Candidacy)
    /// The peer finishes what runs and takes nothing new, for a while.
    case drain(Int, lasts: Duration)
    /// Somebody sets a fleet setting at this peer, or deletes it with 0.
    case writeSetting(Int, key: Int, value: Int)
    /// The wall clock jumps. Rules have none to look at, so nothing may change.
    case wallJump(Int, years: Int)

    /// The kinds of which a schedule enables a random subset.
    public enum Kind: String, Sendable, CaseIterable {
        case partition, isolation, cut, oneWay, blockUDP, flap, lossSpell
        case crash, crashMidway, crashAtWrite, storm, loseDisk
        case pause, freeze, sleep, slow, wallJump
        case stop, upgrade, readOnly, candidacy, drain, writeSetting

        /// It makes peers that are there look as if they were not, by time or by loss.
        var blursTime: Bool {
            switch self {
            case .lossSpell, .pause, .freeze, .sleep, .slow: true
            default: false
            }
        }
    }

    /// What it counts as.
    public var kind: Kind {
        switch self {
        case .partition(let side, _): side.count == 1 ? .isolation : .partition
        case .cut: .cut
        case .oneWay: .oneWay
        case .blockUDP: .blockUDP
        case .flap: .flap
        case .lossSpell: .lossSpell
        case .crash(_, _, let midway, _): midway == nil ? .crash : .crashMidway
        case .crashAtWrite: .crashAtWrite
        case .storm: .storm
        case .loseDisk: .loseDisk
        case .pause: .pause
        case .freeze: .freeze
        case .sleep: .sleep
        case .slow: .slow
        case .stop: .stop
        case .upgrade: .upgrade
        case .readOnly: .readOnly
        case .candidacy: .candidacy
        case .drain: .drain
        case .writeSetting: .writeSetting
        case .wallJump: .wallJump
        }
    }
}
