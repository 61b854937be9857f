/// What the mesh has sent, received and dropped since its start.
public struct MeshCounters: Hashable, Sendable, Codable {
    /// Datagrams handed to the network.
    public var sent = 0
    /// Their bytes, without UDP and IP headers.
    public var sentBytes = 0
    /// Datagrams that came in, good or bad.
    public var received = 0
    /// Their bytes.
    public var receivedBytes = 0
    /// Datagrams dropped on arrival, by `DropReason`.
    public var dropped: [String: Int] = [:]
    /// Datagrams that could not be sent, by the name of the error; `congested` for a full socket buffer.
    public var sendFailures: [String: Int] = [:]
    /// Exchanges of state that this peer began.
    public var syncsStarted = 0
    /// Those that failed.
    public var syncsFailed = 0
    /// Exchanges of state that another peer began.
    public var syncsServed = 0
    /// Exchanges refused: malformed or out of bounds.
    public var syncsRefused = 0
    /// First contacts that this peer began.
    public var hellosStarted = 0
    /// First contacts that another peer began and that were answered.
    public var hellosServed = 0
    /// First contacts refused, on either side: not of this fleet, shut out, or with another certificate than the record's.
    public var hellosRefused = 0
    /// Datagrams that this peer sent inside peer links, because UDP does not reach their receivers.
    public var tunnelled = 0
    /// Calls with such datagrams that failed.
    public var tunnelsFailed = 0
    /// Calls with such datagrams that another peer made.
    public var tunnelsServed = 0
    /// Those that were refused: malformed or too long.
    public var tunnelsRefused = 0
    /// Commands that this peer obeyed.
    public var commandsAccepted = 0
    /// Commands whose fence did not hold: of another router, or of an epoch that is over.
    public var commandsFenced = 0
    /// Sightings by mDNS of peers of other fleets.
    public var foreignSightings = 0
    /// Times that the end of a router's process was proven.
    public var deathProofs = 0
    /// Writes of the lease row.
    public var leaseWrites = 0

    /// All zero.
    public init() {}
}
