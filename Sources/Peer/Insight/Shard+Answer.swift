public import Store

extension Shard {
    /// What this shard keeps of the days of peers that the asker misses; nothing where days cannot answer the question.
    /// - Parameter own: The id of this shard's peer.
    /// - Throws: `ShardError`
    public func days(for question: ShardQuestion, own: String) async throws -> [OwnerDays] {
        guard case .counts(let asked) = question.query, DayTotals.serve(question.query) else { return [] }
        return try await days(of: question.absent.filter { $0 != own }, since: asked.since, until: asked.until)
    }

    /// Answers a question about this shard; what waits for the writer is written first.
    /// - Parameter own: The id of this shard's peer, 32 hexadecimal digits.
    /// - Throws: `ShardError`, or ``ShardQueryProblem`` for a query that does not keep its bounds.
    public func answer(_ query: ShardQuery, own: String) async throws -> ShardPart {
        try query.check()
        await flush()
        switch query {
        case .counts(let asked):
            return .counts(try await counts(by: asked.grouping, since: asked.since, until: asked.until))
        case .traces(let asked):
            let page = try await newestTraces(
                limit: asked.limit, filter: asked.filter, behind: asked.cursor?.place(inShard: own))
            return .traces(TraceList(page, shard: own, limit: asked.limit))
        case .request(let id):
            return .request(
                RequestRecord(attempts: try await attempts(ofRequest: id), executions: try await executions(ofRequest: id)))
        case .spread(let asked):
            return .spread(
                try await spreads(of: asked.figures, since: asked.since, latest: asked.latest, recent: asked.recent))
        case .sql(let asked):
            var limits = SQLLimits()
            limits.rows = asked.rows
            do {
                return .sql([SQLPart(shard: own, table: try await table(asked.sql, limits: limits))])
            } catch let problem as SQLProblem {
                return .sql([SQLPart(shard: own, problem: problem.description)])
            }
        case .tokenMinutes(let asked):
            var minutes: [TokenMinute] = []
            for model in asked.models { minutes += try await tokenMinutes(model: model) }
            return ShardPart.merged([.tokenMinutes(minutes)], of: query)
        }
    }
}
