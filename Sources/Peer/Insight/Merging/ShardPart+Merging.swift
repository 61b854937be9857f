public import Store

extension ShardPart {
    /// The parts of several shards as one. The order of the parts does not matter, and parts may be merged in groups first.
    /// - Parameter query: What was asked; its limit holds for the whole. Parts of another kind are left out.
    public static func merged(_ parts: [ShardPart], of query: ShardQuery) -> ShardPart {
        switch query {
        case .counts: .counts(Counted.merged(parts.flatMap(\.counted)))
        case .traces(let asked):
            .traces(
                parts.reduce(into: TraceList()) { whole, part in
                    if case .traces(let list) = part { whole.add(list, limit: asked.limit) }
                })
        case .request:
            .request(
                parts.reduce(into: RequestRecord()) { whole, part in
                    if case .request(let record) = part { whole.add(record) }
                })
        case .spread: .spread(ModelSpread.merged(parts.flatMap(\.spreads)))
        case .sql: .sql(parts.flatMap(\.tables).sorted { $0.shard < $1.shard })
        case .tokenMinutes: .tokenMinutes(TokenMinute.merged(parts.flatMap(\.minutes)))
        }
    }

    /// The rows of an answer of this kind; none of another.
    public var counted: [Counted] { if case .counts(let rows) = self { rows } else { [] } }
    /// The same of spreads.
    public var spreads: [ModelSpread] { if case .spread(let rows) = self { rows } else { [] } }
    /// The same of tables.
    public var tables: [SQLPart] { if case .sql(let rows) = self { rows } else { [] } }
    /// The same of minutes.
    public var minutes: [TokenMinute] { if case .tokenMinutes(let rows) = self { rows } else { [] } }
}

extension Counted {
    /// Rows of the same key become one; sorted by key.
    public static func merged(_ rows: [Counted]) -> [Counted] {
        var all: [Key: Counted] = [:]
        for row in rows { all[row.key, default: Counted(key: row.key)].add(row) }
        return all.values.sorted { $0.key < $1.key }
    }
}

extension RequestRecord {
    mutating func add(_ other: RequestRecord) {
        attempts = (attempts + other.attempts).sorted { ($0.attempt ?? 0, $0.timestamp) < ($1.attempt ?? 0, $1.timestamp) }
        executions = (executions + other.executions).sorted { ($0.attempt, $0.timestamp) < ($1.attempt, $1.timestamp) }
    }
}

extension ModelSpread {
    static func merged(_ rows: [ModelSpread]) -> [ModelSpread] {
        struct Key: Hashable {
            let model: String
            let figure: SpreadFigure
        }
        var all: [Key: ModelSpread] = [:]
        for row in rows {
            let none = ModelSpread(model: row.model, figure: row.figure, spread: Spread())
            all[Key(model: row.model, figure: row.figure), default: none].add(row)
        }
        return all.values.sorted { ($0.model, $0.figure.rawValue) < ($1.model, $1.figure.rawValue) }
    }
}

extension TokenMinute {
    private struct Key: Hashable {
        let node: String
        let minute: Int
    }

    static func merged(_ rows: [TokenMinute]) -> [TokenMinute] {
        var all: [Key: TokenMinute] = [:]
        for row in rows {
            let key = Key(node: row.nodeID, minute: row.minuteBucket)
            guard var sum = all[key] else {
                all[key] = row
                continue
            }
            sum.promptTokens &+= row.promptTokens
            sum.completionTokens &+= row.completionTokens
            all[key] = sum
        }
        return all.values.sorted { ($1.minuteBucket, $0.nodeID) < ($0.minuteBucket, $1.nodeID) }
    }
}
