/// A deliberate fault of the rules or of the world, to show that the checker sees it.
public enum Mutation: String, Sendable, CaseIterable {
    /// The voter's lease ends before the holder's (L_v < L).
    case shortVoter
    /// A restarted voter does not wait.
    case noQuarantine
    /// The highest epoch does not survive a crash.
    case volatileEpoch
    /// Silence is taken for proof of death.
    case deathOnSilence
    /// The lease's clock stops while the machine sleeps, and nobody notices the sleep.
    case clockStopsInSleep
}
