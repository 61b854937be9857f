/// One thing that the doctor found about an engine.
public struct BackendFinding: Hashable, Sendable {
    /// How bad it is.
    public enum Level: String, Hashable, Sendable {
        case ok
        case warning
        case problem
    }

    /// The engine, by its id.
    public var backend: String
    /// How bad it is.
    public var level: Level
    /// What was found, a sentence.
    public var text: String
    /// What to do; nil when nothing.
    public var advice: String?

    /// A finding.
    public init(backend: String, level: Level, text: String, advice: String? = nil) {
        self.backend = backend
        self.level = level
        self.text = text
        self.advice = advice
    }
}
