/// What a relayed request shows of its target (mesh protocol §3.5).
public enum DataPathEvidence: Hashable, Sendable {
    /// Bytes came: as good as an ack.
    case progress
    /// The connection was refused: probe at once.
    case refused
    /// The connection was reset: probe at once.
    case reset
}
