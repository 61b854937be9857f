import GRDB

extension Shard {
    /// How figures of completed requests are spread, per model, sorted by model.
    /// - Parameter figures: What is measured.
    /// - Parameter since: Seconds since 1970, the first moment that counts.
    /// - Parameter latest: Of each node and model so many requests count, the newest.
    public func spreads(of figures: [SpreadFigure], since: Double, latest: Int) async throws(ShardError) -> [ModelSpread] {
        try await read { db in
            let values = try db.cachedStatement(
                sql: """
                    SELECT \(figures.map(\.sql).joined(separator: ", ")) FROM request_traces
                    WHERE node_id = ? AND model = ? AND timestamp >= ? AND status = 'completed'
                    ORDER BY timestamp DESC LIMIT ?
                    """)
            var spreads: [String: [Spread]] = [:]
            guard !figures.isEmpty else { return [] }
            for pair in try Self.pairs(db, "request_traces", model: "model") {
                var some = spreads.removeValue(forKey: pair.model) ?? Array(repeating: Spread(), count: figures.count)
                let cursor = try Row.fetchCursor(values, arguments: [pair.node, pair.model, since, max(latest, 1)])
                while let row = try cursor.next() {
                    for place in figures.indices {
                        if let value: Double = row[place] { some[place].add(value) }
                    }
                }
                spreads[pair.model] = some
            }
            return spreads.sorted { $0.key < $1.key }.flatMap { model, some in
                figures.indices.filter { some[$0].count > 0 }.map {
                    ModelSpread(model: model, figure: figures[$0], spread: some[$0])
                }
            }
        }
    }
}
