/// The version of one fleet setting (mesh protocol §4.1): the later write of a key wins.
public struct SettingVersion: Hashable, Comparable, Sendable, Codable {
    /// The epoch of the router that wrote it; the last one known for a write without a router. At most 2^62.
    public var epoch: UInt64
    /// Counts the writes within an epoch. At most 2^62.
    public var counter: UInt64
    /// Who wrote it.
    public var node: PeerID

    /// A version.
    public init(epoch: UInt64, counter: UInt64, node: PeerID) {
        self.epoch = epoch
        self.counter = counter
        self.node = node
    }

    /// Orders by value.
    public static func < (a: SettingVersion, b: SettingVersion) -> Bool {
        (a.epoch, a.counter, a.node) < (b.epoch, b.counter, b.node)
    }
}
