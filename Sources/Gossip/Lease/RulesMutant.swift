#if MUTANTS
/// Deliberate faults of the rules, in builds with the trait `Mutants` only: the simulator must catch each one.
public enum RulesMutant: Hashable, Sendable {
    /// The holder counts from the reply, not from the sending.
    case replyTime
    /// A request of the obeyed router renews whatever epoch it names.
    case lowerEpoch
    /// A release ends whatever grant its sender has.
    case releaseWithoutEpoch
    /// Targets obey every command.
    case unfenced
    /// Of two routers the one with the higher epoch stays.
    case mergeByEpoch
}
#endif
