/// How one peer stands in another's view (mesh protocol §3.4).
public enum MemberStatus: String, Hashable, Sendable, Codable {
    /// It answers.
    case alive
    /// It missed two probes in a row: keeps its running work, gets nothing new where another peer fits.
    case suspect
    /// It stayed silent through the whole suspicion: taken for dead, re-dialled for seven days.
    case unreachable
    /// It said goodbye.
    case left
    /// It announced that its machine sleeps: not probed, not accused, re-dialled. APIs with four statuses show it as
    /// `unreachable` with the reason `asleep`.
    case asleep

    /// Out of sight, and dialled again and again.
    var isRedialled: Bool { self == .unreachable || self == .asleep }
}
