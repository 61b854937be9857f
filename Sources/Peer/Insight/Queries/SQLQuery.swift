public import Store

/// A query in SQL that somebody wrote, for each shard's own file.
public struct SQLQuery: Sendable, Hashable, Codable {
    /// One statement that only reads.
    public var sql: String
    /// The most rows of each shard, 1 to 10,000.
    public var rows: Int

    /// A query.
    public init(_ sql: String, rows: Int = SQLLimits().rows) {
        self.sql = sql
        self.rows = rows
    }
}

/// What a shard answered to a query in SQL.
public struct SQLPart: Sendable, Hashable, Codable {
    /// The id of the shard's peer.
    public var shard: String
    /// What it found; nil where it did not run the query.
    public var table: SQLTable?
    /// Why not.
    public var problem: String?

    /// An answer.
    public init(shard: String, table: SQLTable? = nil, problem: String? = nil) {
        self.shard = shard
        self.table = table
        self.problem = problem
    }
}
