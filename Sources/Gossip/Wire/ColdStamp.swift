/// Which version of a cold record somebody holds.
public struct ColdStamp: Hashable, Sendable, Codable {
    /// The writer.
    public var id: PeerID
    /// Which record.
    public var kind: ColdKind
    /// Which version.
    public var version: RecordVersion

    /// A stamp.
    public init(id: PeerID, kind: ColdKind, version: RecordVersion) {
        self.id = id
        self.kind = kind
        self.version = version
    }
}
