/// A cold record; its payload is opaque to the rules.
public struct ColdRecord: Hashable, Sendable, Codable {
    /// Whose, which and which version.
    public var stamp: ColdStamp
    /// The encoded report.
    public var payload: [UInt8]

    /// A record.
    public init(stamp: ColdStamp, payload: [UInt8]) {
        self.stamp = stamp
        self.payload = payload
    }
}
