/// Which of a peer's two ports a connection came in on.
public enum Face: Sendable {
    /// The port that people and their programs use.
    case client
    /// The port that other peers use.
    case mesh
}
