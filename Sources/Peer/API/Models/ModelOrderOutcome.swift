/// What came of a `ModelOrder`.
public enum ModelOrderOutcome: Sendable, Equatable {
    /// Done on these machines.
    case done(nodes: [String])
    /// No machine in reach has the model in an Ollama.
    case unknownModel
    /// No machine has the name; the names that there are.
    case unknownNode(known: [String])
    /// Machines that did not do it, with the reason of each; the others did.
    case failed(reasons: [String: String], done: [String])
}
