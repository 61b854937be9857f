import GRDB

extension Shard {
    /// Per pair the index on both names holds the rows in the order of their numbers: no sort, no scan of the table.
    /// The plus sign keeps SQLite from the index on the time.
    static let latestLatenciesSQL = """
        SELECT latency_ms FROM latency_observations
        WHERE node_id = ? AND model_name = ? AND +timestamp >= ? ORDER BY id DESC LIMIT ?
        """

    /// The latest latencies of every node and model, sorted by node and model.
    /// - Parameter perPairLimit: The most values per pair; ollama-herd's formula uses 500.
    /// - Parameter since: Older values are left out, and pairs that have only older ones; seconds since 1970.
    public func latencyHistory(perPairLimit: Int = 500, since: Double = 0) async throws(ShardError) -> [PairLatencies] {
        let limit = max(perPairLimit, 1)
        return try await read { db in
            let pairs = try Row.fetchAll(
                db, sql: "SELECT DISTINCT node_id, model_name FROM latency_observations ORDER BY node_id, model_name")
            let latest = try db.makeStatement(sql: Self.latestLatenciesSQL)
            return try pairs.compactMap { pair in
                let node: String = pair[0]
                let model: String = pair[1]
                let values = try Double.fetchAll(latest, arguments: [node, model, since, limit])
                guard !values.isEmpty else { return nil }
                return PairLatencies(nodeID: node, modelName: model, latenciesMilliseconds: values.reversed())
            }
        }
    }
}
