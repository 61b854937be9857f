public import Gossip
public import Insight
public import Store

/// This peer's shard, and the way to the others'.
public struct ShardFacts: Sendable {
    /// Answers from this peer's own shard.
    public var own: @Sendable (ShardQuery) async throws -> ShardPart = { .empty($0) }
    /// What this peer keeps of absent peers' days, for a question that names them.
    public var days: @Sendable (ShardQuestion) async throws -> [OwnerDays] = { _ in [] }
    /// Keeps days of another peer's shard; throws for what are none. `pin` is of the caller's certificate.
    public var keep: @Sendable (_ days: OwnerDays, _ pin: [UInt8]?) async throws -> Void = { _, _ in throw PeerFacts.NotServed() }
    /// Asks a member's mesh port: `ShardQuestion.path`.
    public var ask:
        @Sendable (_ peer: PeerID, _ body: [UInt8], _ timeout: Duration) async throws -> (status: Int, body: [UInt8]) = {
            _, _, _ in throw PeerFacts.NotServed()
        }
    /// How long the others have. A page that waits longer than a second is not looked at twice.
    public var deadline = Duration.milliseconds(800)

    /// An empty shard, alone.
    public init() {}
}
