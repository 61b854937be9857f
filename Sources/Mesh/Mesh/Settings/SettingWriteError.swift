public import Gossip

/// Why settings were not written.
public enum SettingWriteError: Error, Hashable, CustomStringConvertible {
    /// A key or value that cannot be.
    case refused(key: String, SettingError)
    /// This peer's mesh does not run.
    case notRunning
    /// Not a settings command of this protocol.
    case malformed
    /// This peer is not the router that the command is for, or not any more: ask for the router and try again.
    case fenced

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .refused(let key, let error): "\(key): \(error)"
        case .notRunning: "the mesh of this peer does not run"
        case .malformed: "the body is not a settings command of this protocol"
        case .fenced: "this peer is not the router of that epoch (any more): ask who is, and try again"
        }
    }
}
