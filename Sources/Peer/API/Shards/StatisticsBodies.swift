import Store

/// The answer of `GET /dashboard/api/overview`.
struct OverviewBody: Encodable {
    let total_requests: Int
    let total_prompt_tokens: Int
    let total_completion_tokens: Int
    let total_tokens: Int
    let models_count: Int

    /// Of counts by model.
    init(_ rows: [Counted]) {
        total_requests = rows.reduce(0) { $0 + $1.requests }
        total_prompt_tokens = rows.reduce(0) { $0 + $1.promptTokens }
        total_completion_tokens = rows.reduce(0) { $0 + $1.completionTokens }
        total_tokens = total_prompt_tokens + total_completion_tokens
        models_count = rows.count { $0.requests > 0 }
    }
}

/// The answer of `GET /dashboard/api/trends`.
struct TrendsBody: Encodable {
    let hours: Int
    let data: [TrendHour]
}

/// The answer of `GET /dashboard/api/models`.
struct ModelsBody: Encodable {
    let days: Int
    let daily: [ModelDay]
    let summary: [ModelSummary]
}

/// The answer of `GET /dashboard/api/usage` and of the routes by tag and day.
struct DaysBody<Row: Encodable>: Encodable {
    let days: Int
    let data: [Row]
}

/// The answer of `GET /dashboard/api/tags` and `/apps`.
struct AppsBody: Encodable {
    /// A tag under the keys of `data`.
    struct Row: Encodable {
        let tag: TagUsage

        init(_ tag: TagUsage) { self.tag = tag }

        func encode(to encoder: any Encoder) throws { try tag.encode(to: encoder) }
    }

    /// The same under the keys of `summary`.
    struct Total: Encodable {
        let tag: TagUsage

        init(_ tag: TagUsage) { self.tag = tag }

        func encode(to encoder: any Encoder) throws {
            try tag.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(tag.requestCount, forKey: .total_requests)
        }

        private enum Key: String, CodingKey { case total_requests }
    }

    let days: Int
    let data: [Row]
    let summary: [Total]
}

extension Counted {
    /// The same requests, not told apart by time.
    static func withoutTime(_ rows: [Counted]) -> [Counted] {
        var all: [Key: Counted] = [:]
        for row in rows {
            var key = row.key
            key.bucket = nil
            all[key, default: Counted(key: key)].add(row)
        }
        return all.values.sorted { $0.key < $1.key }
    }
}
