/// How much a model thinks.
enum Thinking: Sendable, Hashable {
    case off
    case on
    /// `low`, `medium`, `high`, `max`, or what a client wrote.
    case level(String)
}
