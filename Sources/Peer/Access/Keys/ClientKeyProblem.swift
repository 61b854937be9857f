/// Why something is no client key.
public enum ClientKeyProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name cannot be used.
    case name
    /// The id is not eight hex digits.
    case id
    /// It has no scope that this version knows.
    case scopes
    /// A limit is out of its range.
    case limit(name: String, range: ClosedRange<Int>)
    /// The digest is not the SHA-256 of anything.
    case digest
    /// A later version of the program wrote it.
    case version

    /// What is wrong, and what to write instead.
    public var description: String {
        switch self {
        case .name:
            "a key's name has 1 to 64 letters, digits, dots, dashes and underscores, begins with a letter or digit, "
                + "and does not look like a key's id (eight hex digits)"
        case .id: "a key's id has eight hex digits"
        case .scopes: "a key needs at least one scope of \(Scope.allCases.map(\.rawValue).joined(separator: ", "))"
        case .limit(let name, let range): "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .digest: "a key's digest has 64 hex digits"
        case .version: "a later version of herd-peer wrote this key: update this one"
        }
    }
}
