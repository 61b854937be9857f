/// Why a state exchange that another peer began is refused.
public enum MeshSyncError: Error, Hashable, CustomStringConvertible {
    /// Longer than 2 MiB.
    case tooLong(bytes: Int)
    /// Not a state message, or one with impossible counts.
    case malformed
    /// This peer's mesh does not run.
    case notRunning

    /// What is wrong, for the caller.
    public var description: String {
        switch self {
        case .tooLong(let bytes): "a state message of \(bytes) bytes is longer than allowed (2 MiB)"
        case .malformed: "the body is not a state message of this protocol"
        case .notRunning: "the mesh of this peer does not run"
        }
    }
}
