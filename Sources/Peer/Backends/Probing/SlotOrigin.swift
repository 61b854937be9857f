/// Whether the number of an engine's slots is known.
public enum SlotOrigin: String, Sendable, Hashable {
    /// The engine, its process or its service says it.
    case learnt
    /// Whoever set up this peer said it.
    case configured
    /// Nobody says it.
    case assumed

    /// By the words in which `Parallelism` names its source.
    init(source: String) {
        self = source == "configured" ? .configured : source.hasPrefix("assumed") ? .assumed : .learnt
    }
}
