import GRDB

extension Shard {
    /// How a figure of completed requests is spread, per model, sorted by model.
    /// - Parameter figure: What is measured.
    /// - Parameter since: Seconds since 1970, the first moment that counts.
    /// - Parameter latest: Of each node and model so many requests count, the newest.
    public func spreads(of figure: SpreadFigure, since: Double, latest: Int) async throws(ShardError) -> [ModelSpread] {
        try await read { db in
            let values = try db.cachedStatement(
                sql: """
                    SELECT \(figure.sql) AS value FROM request_traces
                    WHERE node_id = ? AND model = ? AND timestamp >= ? AND status = 'completed'
                    ORDER BY timestamp DESC LIMIT ?
                    """)
            var spreads: [String: Spread] = [:]
            for pair in try Self.pairs(db, "request_traces", model: "model") {
                let cursor = try Double?.fetchCursor(values, arguments: [pair.node, pair.model, since, max(latest, 1)])
                while let value = try cursor.next() {
                    if let value { spreads[pair.model, default: Spread()].add(value) }
                }
            }
            return spreads.map { ModelSpread(model: $0.key, spread: $0.value) }.sorted { $0.model < $1.model }
        }
    }
}
