public import Gossip
public import Insight

/// This peer's shard, and the way to the others'.
public struct ShardFacts: Sendable {
    /// Answers from this peer's own shard.
    public var own: @Sendable (ShardQuery) async throws -> ShardPart = { .empty($0) }
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
