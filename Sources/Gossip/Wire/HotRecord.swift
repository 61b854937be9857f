/// A hot record in a push/pull.
public struct HotRecord: Hashable, Sendable, Codable {
    /// Whose.
    public var id: PeerID
    /// Which version.
    public var version: RecordVersion
    /// Milliseconds since it was made.
    public var ageMilliseconds: UInt32
    /// The writer's cold counters at that time.
    public var coldVersions: ColdVersions
    /// What it says.
    public var report: HotReport

    /// A record.
    public init(id: PeerID, version: RecordVersion, ageMilliseconds: UInt32, coldVersions: ColdVersions, report: HotReport) {
        self.id = id
        self.version = version
        self.ageMilliseconds = ageMilliseconds
        self.coldVersions = coldVersions
        self.report = report
    }
}
