import Dispatch

extension Shard {
    /// Runs a query that somebody wrote on this shard's file; it can only read.
    /// - Throws: ``SQLProblem``
    public func table(_ sql: String, limits: SQLLimits = SQLLimits()) async throws -> SQLTable {
        let path = path
        return try await Self.onAnotherThread { () throws(SQLProblem) in
            try ReadOnlyConnection(path: path, limits: limits).table(sql)
        }
    }

    /// Runs a query over a table in memory that is called `rows`.
    /// - Throws: ``SQLProblem``
    public static func table(_ sql: String, over rows: SQLTable, limits: SQLLimits = SQLLimits()) async throws -> SQLTable {
        try await onAnotherThread { () throws(SQLProblem) in
            var wide = limits
            wide.bytes = max(limits.bytes, 1 << 20)
            let connection = try ReadOnlyConnection(path: nil, limits: wide)
            try connection.fill(rows, as: "rows")
            return try connection.table(sql)
        }
    }

    /// Tasks share few threads, which a long query would take away from all others.
    private static func onAnotherThread<Value: Sendable>(
        _ work: @Sendable @escaping () throws(SQLProblem) -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            sqlQueue.async {
                do throws(SQLProblem) {
                    continuation.resume(returning: try work())
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    /// One query after the other: whoever sends many waits for his own.
    private static let sqlQueue = DispatchQueue(label: "herd-peer.shard.sql", qos: .utility)
}
