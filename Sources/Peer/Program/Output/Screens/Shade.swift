/// A colour with a meaning: the number that terminals know it by (ECMA-48, SGR).
enum Shade: Int, Sendable {
    case strong = 1
    case faint = 2
    case bad = 31
    case good = 32
    case doubtful = 33

    /// That of a word of state, in whatever column it stands; nil for words without one.
    init?(word: String) {
        switch word {
        case "online", "alive", "completed", "success": self = .good
        case "degraded", "suspect", "draining", "retried", "client_disconnected", "incomplete", "no_output", "warning":
            self = .doubtful
        case "offline", "unreachable", "failed", "rejected", "critical": self = .bad
        default: return nil
        }
    }
}
