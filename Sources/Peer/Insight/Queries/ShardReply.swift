public import Store

/// What a peer answers to a ``ShardQuestion``: its own shard's part, and what it keeps of absent peers' days.
public struct ShardReply: Sendable, Hashable, Codable {
    /// Its own shard's.
    public var part: ShardPart
    /// Days of peers that the question names as absent.
    public var days: [OwnerDays]

    /// An answer.
    public init(part: ShardPart, days: [OwnerDays] = []) {
        self.part = part
        self.days = days
    }
}
