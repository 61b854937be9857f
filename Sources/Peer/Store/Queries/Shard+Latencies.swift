import GRDB

extension Shard {
    /// What the view `latency_observations` shows of a pair. Two indices hold the rows in the order of time, and the two are
    /// merged: no sort, no scan of a table; through the view SQLite would sort.
    static let latestLatenciesSQL = """
        SELECT latency_ms, timestamp FROM \(ShardSchema.importedLatencies)
        WHERE node_id = ?1 AND model_name = ?2 AND timestamp >= ?3
        UNION ALL
        SELECT latency_ms, timestamp FROM request_traces
        WHERE node_id = ?1 AND model = ?2 AND timestamp >= ?3 AND \(ShardSchema.observedTraces)
        ORDER BY timestamp DESC LIMIT ?4
        """

    /// The next model of a node in the order of an index, and the next node's first: one step per pair, however many rows it has.
    /// Compared as a row, `(node_id, model) > (?, ?)`, SQLite walks over all rows of the pair before.
    static func nextPairSQL(_ table: String, _ model: String) -> (sameNode: String, nextNode: String) {
        (
            "SELECT node_id, \(model) FROM \(table) WHERE node_id = ? AND \(model) > ? ORDER BY \(model) LIMIT 1",
            "SELECT node_id, \(model) FROM \(table) WHERE node_id > ? ORDER BY node_id, \(model) LIMIT 1"
        )
    }

    /// The latest latencies of every node and model, sorted by node and model.
    /// - Parameter perPairLimit: The most values per pair; ollama-herd's formula uses 500.
    /// - Parameter since: Older values are left out, and pairs that have only older ones; seconds since 1970.
    public func latencyHistory(perPairLimit: Int = 500, since: Double = 0) async throws(ShardError) -> [PairLatencies] {
        let limit = max(perPairLimit, 1)
        return try await read { db in
            var pairs = try Self.pairs(db, "request_traces", model: "model")
            for pair in try Self.pairs(db, ShardSchema.importedLatencies, model: "model_name") where !pairs.contains(pair) {
                pairs.append(pair)
            }
            let latest = try db.makeStatement(sql: Self.latestLatenciesSQL)
            return try pairs.sorted { ($0.node, $0.model) < ($1.node, $1.model) }.compactMap { pair in
                let values = try Double.fetchAll(latest, arguments: [pair.node, pair.model, since, limit])
                guard !values.isEmpty else { return nil }
                return PairLatencies(nodeID: pair.node, modelName: pair.model, latenciesMilliseconds: values.reversed())
            }
        }
    }

    struct Pair: Hashable {
        var node: String
        var model: String
    }

    static func pairs(_ db: Database, _ table: String, model: String) throws -> [Pair] {
        let sql = nextPairSQL(table, model)
        let sameNode = try db.makeStatement(sql: sql.sameNode)
        let nextNode = try db.makeStatement(sql: sql.nextNode)
        var pairs: [Pair] = []
        // The first pair of all sorts behind two empty texts; a row without node and model is no pair.
        var last = Pair(node: "", model: "")
        while let row = try Row.fetchOne(sameNode, arguments: [last.node, last.model])
            ?? Row.fetchOne(nextNode, arguments: [last.node])
        {
            last = Pair(node: row[0], model: row[1])
            pairs.append(last)
        }
        return pairs
    }
}
