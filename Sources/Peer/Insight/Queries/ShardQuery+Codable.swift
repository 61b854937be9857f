import Store

/// On the wire a query is an object with one key, the query's name.
extension ShardQuery: Codable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
        init(_ name: Name) { stringValue = name.rawValue }
    }

    /// Reads a query.
    /// - Throws: ``ShardQueryProblem`` for one that is not known here.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard let key = container.allKeys.first, container.allKeys.count == 1 else { throw ShardQueryProblem.notOne }
        guard let name = Name(rawValue: key.stringValue) else {
            throw ShardQueryProblem.unknown(String(key.stringValue.prefix(64)))
        }
        switch name {
        case .counts: self = .counts(try container.decode(CountsQuery.self, forKey: key))
        case .traces: self = .traces(try container.decode(TracesQuery.self, forKey: key))
        case .request: self = .request(try container.decode(String.self, forKey: key))
        case .spread: self = .spread(try container.decode(SpreadQuery.self, forKey: key))
        case .tokenMinutes: self = .tokenMinutes(try container.decode(TokenMinutesQuery.self, forKey: key))
        case .sql: self = .sql(try container.decode(SQLQuery.self, forKey: key))
        }
        try check()
    }

    /// Writes the query.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .counts(let query): try container.encode(query, forKey: Key(.counts))
        case .traces(let query): try container.encode(query, forKey: Key(.traces))
        case .request(let id): try container.encode(id, forKey: Key(.request))
        case .spread(let query): try container.encode(query, forKey: Key(.spread))
        case .tokenMinutes(let query): try container.encode(query, forKey: Key(.tokenMinutes))
        case .sql(let query): try container.encode(query, forKey: Key(.sql))
        }
    }

    /// Looks whether the query keeps its bounds; the router of a page does, a stranger may not.
    public func check() throws(ShardQueryProblem) {
        switch self {
        case .counts(let query):
            guard query.grouping.isPossible else { throw .outOfBounds("requests are not counted by these facts together") }
        case .traces(let query):
            guard (1...1000).contains(query.limit) else { throw .outOfBounds("limit is a number from 1 to 1000") }
            let filter = query.filter
            for text in [filter.requestID, filter.model, filter.nodeID, filter.status, filter.tag, filter.clientIP] {
                try Self.check(text)
            }
        case .request(let id): try Self.check(id)
        case .spread(let query):
            guard (1...4).contains(query.figures.count) else { throw .outOfBounds("one to four figures are asked for at once") }
            guard (1...50_000).contains(query.latest) else { throw .outOfBounds("latest is a number from 1 to 50000") }
        case .tokenMinutes(let query):
            guard query.models.count <= 16 else { throw .outOfBounds("at most 16 models are asked for at once") }
            for model in query.models { try Self.check(model) }
        case .sql(let query):
            guard (1...10_000).contains(query.rows) else { throw .outOfBounds("rows is a number from 1 to 10000") }
            guard query.sql.utf8.count <= SQLLimits.longestText else { throw .outOfBounds(SQLProblem.tooLarge.description) }
        }
    }

    private static func check(_ text: String?) throws(ShardQueryProblem) {
        if let text, text.utf8.count > longestText { throw .outOfBounds("a text has at most \(longestText) bytes") }
    }
}
