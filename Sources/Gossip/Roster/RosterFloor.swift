/// The last version of a lineage that a peer held before it moved to another one. Never again does it take an older one of it.
public struct RosterFloor: Hashable, Sendable, Codable {
    /// The lineage that was left.
    public var lineage: RosterLineage
    /// Its version then.
    public var version: RosterVersion

    /// A floor.
    public init(lineage: RosterLineage, version: RosterVersion) {
        self.lineage = lineage
        self.version = version
    }

    /// No peer remembers more; the oldest goes first.
    static let most = 16
}
