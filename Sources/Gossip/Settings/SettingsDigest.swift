/// Says whether two peers hold the same settings: rides on the lease record and on every exchange.
public struct SettingsDigest: Hashable, Sendable, Codable {
    /// Keys, deleted ones included.
    public var count: UInt16
    /// A digest of keys, values and versions; 0 for none.
    public var hash: UInt64

    /// A digest.
    public init(count: UInt16 = 0, hash: UInt64 = 0) {
        self.count = count
        self.hash = hash
    }
}
