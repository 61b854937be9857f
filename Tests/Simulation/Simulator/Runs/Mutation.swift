import Gossip

/// A deliberate fault of the rules or of the world, to show that the checks see it (mesh protocol §11.1).
public enum Mutation: String, Sendable, CaseIterable {
    /// The lease is counted from the reply instead of the sending.
    case replyTime
    /// A restarted voter does not wait.
    case noQuarantine
    /// The lease's clock stops while the machine sleeps, and nobody notices the sleep.
    case clockStopsInSleep
    /// The highest epoch does not survive a crash.
    case volatileEpoch
    /// The voter keeps a grant no longer than the holder: L_v = L.
    case equalLengths
    /// A renewal is accepted for a lower epoch.
    case lowerEpoch
    /// A release ends any grant of its sender.
    case releaseWithoutEpoch
    /// Targets obey every command.
    case unfenced
    /// Silence is taken for proof of death.
    case deathOnSilence
    /// The incarnation in the head of every datagram is not looked at.
    case noHeaderIncarnation
    /// One failed probe makes a suspect.
    case singleStrike
    /// Of two routers the one with the higher epoch stays.
    case mergeByEpoch
    /// The dead are not dialled again.
    case forgetsTheDead
    /// A busy machine passes a forwarded request on.
    case forwardsAgain

    /// Its number in the protocol's table.
    public var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

    /// Whether the rules themselves have to be built with it (the package's trait `Mutants`); the others are faults of the world.
    public var isOfRules: Bool {
        switch self {
        case .replyTime, .lowerEpoch, .releaseWithoutEpoch, .unfenced, .mergeByEpoch: true
        default: false
        }
    }

    /// The rules were built with the faults of `isOfRules`.
    public static var areRulesBuilt: Bool {
        #if MUTANTS
        true
        #else
        false
        #endif
    }

    /// What the peers run with.
    var configuration: HerdConfiguration {
        var configuration = HerdConfiguration()
        switch self {
        case .equalLengths:
            configuration.lease.clockErrorPerMille = 0
            configuration.lease.voterMargin = .zero
        case .noHeaderIncarnation: configuration.heedsHeaders = false
        case .singleStrike: configuration.strikes = 1
        case .forgetsTheDead: configuration.redialsUnreachable = false
        default: break
        }
        #if MUTANTS
        switch self {
        case .replyTime: configuration.lease.mutant = .replyTime
        case .lowerEpoch: configuration.lease.mutant = .lowerEpoch
        case .releaseWithoutEpoch: configuration.lease.mutant = .releaseWithoutEpoch
        case .unfenced: configuration.lease.mutant = .unfenced
        case .mergeByEpoch: configuration.lease.mutant = .mergeByEpoch
        default: break
        }
        #endif
        return configuration
    }
}
