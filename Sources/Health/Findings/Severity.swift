/// How bad a finding is, in ollama-herd's words.
public enum Severity: String, Hashable, Sendable, Encodable {
    /// Requests fail, or a machine is lost.
    case critical
    /// Something should be done.
    case warning
    /// Good to know.
    case info

    /// What it costs of the score of 100.
    public var cost: Int {
        switch self {
        case .critical: 20
        case .warning: 10
        case .info: 3
        }
    }

    /// The worst first.
    var rank: Int {
        switch self {
        case .critical: 0
        case .warning: 1
        case .info: 2
        }
    }
}
