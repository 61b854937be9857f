/// A target's answer to a request.
public enum Admission: Hashable, Sendable {
    /// Start now.
    case run
    /// A slot frees soon: wait here.
    case wait
    /// Try another machine.
    case busy(Busy)
}
