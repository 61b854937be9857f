/// What a router's grants cover (mesh protocol §7.1).
public enum RouterMode: String, Hashable, Sendable, Codable {
    /// More than half of the roster: it may do destructive jobs.
    case quorate
    /// More than half of the reachable view only.
    case degraded
}
