/// One router's time, as a peer saw it.
public struct RouterTerm: Sendable, Hashable, Encodable {
    /// The router's node; nil while there was none.
    public var node_id: String?
    /// Its epoch.
    public var epoch: UInt64?
    /// `quorate` or `degraded`.
    public var mode: String?
    /// When this peer began to obey it, seconds since 1970.
    public var since: Double
    /// When it ceased to; nil for now.
    public var until: Double?

    /// A term that goes on.
    public init(node_id: String?, epoch: UInt64?, mode: String?, since: Double) {
        self.node_id = node_id
        self.epoch = epoch
        self.mode = mode
        self.since = since
    }

    private enum CodingKeys: String, CodingKey { case node_id, epoch, mode, since, until }

    /// Writes all keys, those without a value too.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(node_id, forKey: .node_id)
        try container.encode(epoch, forKey: .epoch)
        try container.encode(mode, forKey: .mode)
        try container.encode(since, forKey: .since)
        try container.encode(until, forKey: .until)
    }
}
