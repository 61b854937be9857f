public import Store

/// What one shard answers to a ``ShardQuery``, or several of them together.
public enum ShardPart: Sendable, Hashable {
    /// Requests counted.
    case counts([Counted])
    /// Traces, newest first; each with the id of its shard's peer once it is merged.
    case traces(TraceList)
    /// One request.
    case request(RequestRecord)
    /// Figures per model.
    case spread([ModelSpread])
    /// Tokens minute by minute.
    case tokenMinutes([TokenMinute])
    /// Tables, one per shard.
    case sql([SQLPart])

    /// What a shard without any row answers.
    public static func empty(_ query: ShardQuery) -> ShardPart {
        switch query {
        case .counts: .counts([])
        case .traces: .traces(TraceList())
        case .request: .request(RequestRecord())
        case .spread: .spread([])
        case .tokenMinutes: .tokenMinutes([])
        case .sql: .sql([])
        }
    }
}

/// On the wire a part is an object with one key, the name of its query.
extension ShardPart: Codable {
    private enum Key: String, CodingKey {
        case counts, traces, request, spread, sql
        case tokenMinutes = "token_minutes"
    }

    /// Reads a part.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard let key = container.allKeys.first, container.allKeys.count == 1 else { throw ShardQueryProblem.notOne }
        switch key {
        case .counts: self = .counts(try container.decode([Counted].self, forKey: key))
        case .traces: self = .traces(try container.decode(TraceList.self, forKey: key))
        case .request: self = .request(try container.decode(RequestRecord.self, forKey: key))
        case .spread: self = .spread(try container.decode([ModelSpread].self, forKey: key))
        case .tokenMinutes: self = .tokenMinutes(try container.decode([TokenMinute].self, forKey: key))
        case .sql: self = .sql(try container.decode([SQLPart].self, forKey: key))
        }
    }

    /// Writes the part.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .counts(let rows): try container.encode(rows, forKey: .counts)
        case .traces(let list): try container.encode(list, forKey: .traces)
        case .request(let record): try container.encode(record, forKey: .request)
        case .spread(let rows): try container.encode(rows, forKey: .spread)
        case .tokenMinutes(let rows): try container.encode(rows, forKey: .tokenMinutes)
        case .sql(let tables): try container.encode(tables, forKey: .sql)
        }
    }
}
