public import Store

/// What can be asked of a shard: a closed set, each answered by an aggregate where one serves.
///
/// A new query is a case here with a name in ``Name``, a case of ``ShardPart`` for its answer with a way of merging, and its
/// line in `Shard.answer`. Peers that do not know it say so, and the answer names them as missing. What a name means never
/// changes.
public enum ShardQuery: Sendable, Hashable {
    /// Requests counted by what they have in common: trends, usage, models, apps, tokens.
    case counts(CountsQuery)
    /// Traces, newest first.
    case traces(TracesQuery)
    /// All that is known of one request, by its id.
    case request(String)
    /// How figures of the latest requests are spread.
    case spread(SpreadQuery)
    /// The tokens of models, minute by minute.
    case tokenMinutes(TokenMinutesQuery)
    /// What people ask in SQL.
    case sql(SQLQuery)

    /// The names on the wire.
    enum Name: String, CaseIterable {
        case counts, traces, request, spread, sql
        case tokenMinutes = "token_minutes"
    }

    /// The longest text that a query takes, bytes.
    public static let longestText = 1024
}

/// Requests counted.
public struct CountsQuery: Sendable, Hashable, Codable {
    /// What tells them apart.
    public var grouping: CountGrouping
    /// Seconds since 1970, the first moment that counts.
    public var since: Double
    /// Seconds since 1970, the first moment that does not.
    public var until: Double

    /// - Parameter since: Earlier ones do not count; by default all do.
    public init(by grouping: CountGrouping, since: Double = -1e14, until: Double = 1e14) {
        self.grouping = grouping
        self.since = since
        self.until = until
    }
}

/// A page of traces.
public struct TracesQuery: Sendable, Hashable, Codable {
    /// 1 to `Shard.pageLimit`.
    public var limit: Int
    /// Which traces.
    public var filter: TraceFilter
    /// Where the page before ended.
    public var cursor: TraceCursor?

    /// A page.
    public init(limit: Int, filter: TraceFilter = TraceFilter(), cursor: TraceCursor? = nil) {
        self.limit = limit
        self.filter = filter
        self.cursor = cursor
    }
}

/// How figures of completed requests are spread, per model.
public struct SpreadQuery: Sendable, Hashable, Codable {
    /// What is measured.
    public var figures: [SpreadFigure]
    /// Seconds since 1970, the first moment that counts.
    public var since: Double
    /// Of the latest requests so many per model and node count, 1 to 50,000; each is read from its row.
    public var latest: Int
    /// Seconds since 1970: of the requests since then the greatest values are told by themselves; nil where nobody asks.
    public var recent: Double?

    /// A spread.
    public init(of figures: [SpreadFigure], since: Double, latest: Int = 1_000, recent: Double? = nil) {
        self.figures = figures
        self.since = since
        self.latest = latest
        self.recent = recent
    }
}

/// The tokens of models, minute by minute, newest first.
public struct TokenMinutesQuery: Sendable, Hashable, Codable {
    /// The names as they were written into traces, at most 16.
    public var models: [String]

    /// Of these models.
    public init(models: [String]) { self.models = models }
}
