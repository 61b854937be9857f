/// Days of one peer's shard as another peer keeps them.
public struct OwnerDays: Sendable, Hashable, Codable {
    /// The peer, 32 hexadecimal digits.
    public var owner: String
    /// Its node's name.
    public var node: String
    /// When the owner last sent some, seconds since 1970 on its own clock.
    public var asOf: Double
    /// Its days.
    public var days: [OwnerDay]

    /// Days of a peer.
    public init(owner: String, node: String, asOf: Double, days: [OwnerDay]) {
        self.owner = owner
        self.node = node
        self.asOf = asOf
        self.days = days
    }

    /// The most days of one owner that are kept.
    public static let dayLimit = 400
    /// The most rows of one day; the least used models are left out.
    public static let rowLimit = 2000
    /// The most owners that one peer keeps days of.
    public static let ownerLimit = 64
    /// The longest body of ``path``, bytes.
    public static let maximumBytes = 2 << 20
    /// The mesh port's route by which an owner sends its days.
    public static let path = "/herd/v1/days"
}
