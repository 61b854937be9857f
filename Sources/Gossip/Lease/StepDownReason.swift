/// Why a router stopped being one.
public enum StepDownReason: String, Hashable, Sendable {
    /// Fewer than half of the view grant it.
    case lostMajority
    /// It met a router that the merge rule prefers.
    case merged
    /// It handed over.
    case handedOver
    /// It slept or was stopped.
    case resumed
    /// The program ends.
    case shutdown
}
