/// What one peer asks another: the body of `POST /herd/v1/shard`. The answer is a ``ShardReply``.
public struct ShardQuestion: Sendable, Hashable, Codable {
    /// The exchange that this program speaks.
    public static let version = 1
    /// The mesh port's route.
    public static let path = "/herd/v1/shard"
    /// Larger questions are refused.
    public static let maximumBytes = 64 << 10
    /// Larger answers are not read.
    public static let maximumAnswerBytes = 32 << 20

    /// What is asked.
    public var query: ShardQuery
    /// Ids of peers that cannot be asked: whoever keeps their days tells those as well. At most ``absentLimit``.
    public var absent: [String]

    /// The most peers that one question names as absent.
    public static let absentLimit = 64

    /// A question.
    public init(_ query: ShardQuery, absent: [String] = []) {
        self.query = query
        self.absent = Array(absent.prefix(Self.absentLimit))
    }

    /// Reads a question.
    /// - Throws: ``ShardQueryProblem``
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let version = try container.decode(Int.self, forKey: .version)
        guard version == Self.version else { throw ShardQueryProblem.version(version) }
        query = try container.decode(ShardQuery.self, forKey: .query)
        absent = Array((try container.decodeIfPresent([String].self, forKey: .absent) ?? []).prefix(Self.absentLimit))
    }

    /// Writes the question.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.version, forKey: .version)
        try container.encode(query, forKey: .query)
        if !absent.isEmpty { try container.encode(absent, forKey: .absent) }
    }

    private enum Key: String, CodingKey { case version, query, absent }
}
