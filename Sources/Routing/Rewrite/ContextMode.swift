/// What is done about a `num_ctx` that would make Ollama load a model anew (`FLEET_CONTEXT_PROTECTION`, herd-compat §6.7).
public enum ContextMode: String, Hashable, Sendable, CaseIterable {
    /// A number that fits into the context in memory becomes that context.
    case strip
    /// Nothing is changed; a header says what would have been.
    case warn
    /// Nothing is looked at.
    case passthrough
}
