/// Which tool the model may or must call.
enum ToolChoice: Sendable, Hashable {
    case auto
    case none
    /// Any, but one of them.
    case required
    /// This one.
    case named(String)
}
