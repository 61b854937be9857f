public import Gossip
public import Health

/// Where the health of a fleet is read.
public struct HealthSources: Sendable {
    /// What this peer says of itself; its shard is read for it.
    public var own: @Sendable () async -> PeerDigest = { PeerDigest(node: "") }
    /// Asks a member's mesh port for the same: `HealthSources.path`.
    public var ask:
        @Sendable (_ peer: PeerID, _ body: [UInt8], _ timeout: Duration) async throws -> (status: Int, body: [UInt8]) = {
            _, _, _ in
            throw PeerFacts.NotServed()
        }
    /// The mesh beyond the view: what it did lately. Router, roster and members are taken from the view and the figures.
    public var mesh: @Sendable () async -> MeshHealth = { MeshHealth() }
    /// What this peer is configured to do.
    public var settings: @Sendable () -> HealthSettings = { HealthSettings() }
    /// How long the others have.
    public var deadline = Duration.milliseconds(800)

    /// Where a peer asks another one.
    public static let path = "/herd/v1/health"
    /// The longest answer that is taken, bytes.
    public static let maximumBytes = 8 << 20

    /// Nothing to read.
    public init() {}
}
