/// A peer that keeps what clients send.
public struct CaptureDigest: Hashable, Sendable, Codable {
    /// Files of so many days are kept.
    public var retentionDays: Int
    /// What they take, MB.
    public var megabytes: Double
    /// Requests since the start for which there was no room.
    public var dropped: Int

    /// What a peer says of it.
    public init(retentionDays: Int, megabytes: Double, dropped: Int) {
        self.retentionDays = retentionDays
        self.megabytes = megabytes
        self.dropped = dropped
    }
}
