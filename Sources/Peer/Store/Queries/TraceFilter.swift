/// Which trace rows to return; nil means any.
public struct TraceFilter: Sendable, Hashable, Codable {
    /// Rows of this request.
    public var requestID: String?
    /// Rows of this model.
    public var model: String?
    /// Rows of this node.
    public var nodeID: String?
    /// Rows with this status.
    public var status: String?
    /// Rows whose tags contain this one.
    public var tag: String?
    /// Rows of this client, by its address.
    public var clientIP: String?
    /// Rows at or after this time, seconds since 1970.
    public var since: Double?
    /// Rows before this time, seconds since 1970.
    public var until: Double?
    /// Rows with a smaller number, for paging without gaps while rows arrive.
    public var beforeID: Int64?

    /// All rows.
    public init() {}
}
