/// How urgent a request is; the client says so in `X-Fleet-Priority`.
public enum RequestPriority: Int, Hashable, Comparable, Sendable, CaseIterable {
    /// Somebody looks at the screen.
    case interactive
    /// Nothing was said.
    case normal
    /// It may take its time.
    case batch

    /// By its word, in any case; nil for others.
    public init?(word: String) {
        switch word.lowercased() {
        case "interactive": self = .interactive
        case "normal": self = .normal
        case "batch": self = .batch
        default: return nil
        }
    }

    /// The more urgent one is less.
    public static func < (a: RequestPriority, b: RequestPriority) -> Bool { a.rawValue < b.rawValue }
}
