import GRDB

extension Shard {
    /// How figures of completed requests are spread, per model, sorted by model.
    /// - Parameter figures: What is measured.
    /// - Parameter since: Seconds since 1970, the first moment that counts.
    /// - Parameter latest: Of each node and model so many requests count, the newest.
    /// - Parameter recent: Seconds since 1970; of the requests since then the greatest values are told by themselves.
    public func spreads(
        of figures: [SpreadFigure], since: Double, latest: Int, recent: Double? = nil
    ) async throws(ShardError) -> [ModelSpread] {
        try await read { db in
            let values = try db.cachedStatement(
                sql: """
                    SELECT \(figures.map(\.sql).joined(separator: ", ")), timestamp FROM request_traces
                    WHERE node_id = ? AND model = ? AND timestamp >= ? AND status = 'completed'
                    ORDER BY timestamp DESC LIMIT ?
                    """)
            var models: [String: [ModelSpread]] = [:]
            guard !figures.isEmpty else { return [] }
            for pair in try Self.pairs(db, "request_traces", model: "model") {
                var some =
                    models.removeValue(forKey: pair.model)
                    ?? figures.map { ModelSpread(model: pair.model, figure: $0, spread: Spread()) }
                let cursor = try Row.fetchCursor(values, arguments: [pair.node, pair.model, since, max(latest, 1)])
                while let row = try cursor.next() {
                    let isRecent = try recent.map { try row.decode(Double.self, atIndex: figures.count) >= $0 } ?? false
                    for place in figures.indices {
                        if let value: Double = row[place] { some[place].add(value, isRecent: isRecent) }
                    }
                }
                models[pair.model] = some
            }
            return models.sorted { $0.key < $1.key }.flatMap { $0.value.filter { $0.spread.count > 0 } }
        }
    }
}
