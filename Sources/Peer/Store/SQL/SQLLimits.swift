/// How much a query that somebody wrote may take.
public struct SQLLimits: Sendable, Hashable {
    /// Rows of its answer.
    public var rows = 10_000
    /// Bytes of its answer.
    public var bytes = 4 << 20
    /// How long it runs.
    public var time = Duration.seconds(5)
    /// Bytes of its text.
    public static let longestText = 32 << 10

    /// The limits of a shard.
    public init() {}
}
