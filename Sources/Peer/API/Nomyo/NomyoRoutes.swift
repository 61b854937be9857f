import FastLane
import Foundation
import Gossip
import HTTPTypes
import Hummingbird
import Insight
import Store

/// What NOMYO Router's users and its page ask of it (nomyo-compat §5). An endpoint is a node here.
struct NomyoRoutes {
    let facts: PeerFacts

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        addUsage(to: router, table: &table)
        addTokens(to: router, table: &table)
        table.add("/api/ps_details", [.get, .head])
        router.get("/api/ps_details") { _, _ in try Reply.json(RunningDetails(view: facts.view(), now: Date())) }

        table.add("/api/config", [.get, .head])
        router.get("/api/config") { _, _ in
            try Reply.json(EndpointsBody(view: facts.view(), needsKey: facts.clientKeys().in_force))
        }
        // This peer's own: each has the answers that went through it.
        table.add("/api/cache/stats", [.get, .head])
        router.get("/api/cache/stats") { _, _ in
            guard let cache = facts.cache else { return try Reply.json(["enabled": false]) }
            return try Reply.json(CacheBody(cache.figures))
        }
        table.add("/api/cache/invalidate", [.post])
        router.post("/api/cache/invalidate") { _, _ in
            facts.cache?.clear()
            return try Reply.json(["enabled": facts.cache != nil, "cleared": facts.cache != nil])
        }
    }

    private func addUsage(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/api/usage", [.get, .head])
        router.get("/api/usage") { request, _ in
            guard request.uri.queryParameters.get("format") != "prometheus" else {
                return Reply.bytes(
                    .init(string: PeerMetrics(facts: facts, mesh: await facts.mesh()).text), type: PeerMetrics.contentType,
                    status: .ok)
            }
            return try await answer(request) { tokens in
                let (rows, shards) = try await tokens.totals()
                return try Reply.json(Answered(UsageBody(work: facts.work(), view: facts.view(), totals: rows), shards))
            }
        }
        table.add("/api/usage-stream", [.get])
        router.get("/api/usage-stream") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"],
                body: UsageStream(facts: facts).body)
        }
    }

    private func addTokens(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/api/token_counts", [.get, .head])
        router.get("/api/token_counts") { request, _ in
            try await answer(request) { tokens in
                let (rows, shards) = try await tokens.totals()
                return try Reply.json(Answered(TokenCountsBody(rows), shards))
            }
        }

        table.add("/api/stats", [.post])
        router.post("/api/stats") { request, _ in
            try await answer(request) { try await stats(NomyoRequest.read(request), $0) }
        }
        table.add("/api/aggregate_time_series_days", [.post])
        router.post("/api/aggregate_time_series_days") { request, _ in
            try await answer(request) { try await aggregate(NomyoRequest.read(request), $0) }
        }
    }

    private func stats(_ asked: NomyoRequest, _ tokens: NomyoTokens) async throws -> Response {
        guard let model = asked.model, !model.isEmpty else {
            throw NomyoRequest.Problem(text: "Missing required field 'model'")
        }
        let name = ModelKey.canonical(model)
        let (rows, shards) = try await tokens.totals()
        let totals = rows.filter { ModelKey.canonical($0.key.model ?? "") == name }
        guard let first = totals.first?.key.model else {
            return try Self.refusal("no tokens of a model '\(model)' were counted in this fleet", .notFound)
        }
        let minutes = try await tokens.minutes(Set(totals.compactMap(\.key.model)).sorted())
        return try Reply.json(Answered(ModelStatsBody(model: first, totals: totals, minutes: minutes), shards))
    }

    /// Days are summed whenever they are asked for, so there is nothing to prepare: asking twice changes nothing.
    private func aggregate(_ asked: NomyoRequest, _ tokens: NomyoTokens) async throws -> Response {
        let days = asked.days ?? 30
        guard (1...36_500).contains(days) else { throw NomyoRequest.Problem(text: "`days` is a number from 1 to 36500") }
        let moment = ((Date().timeIntervalSince1970 - Double(days) * 86_400) / 3600).rounded(.down) * 3600
        let (groups, shards) = try await tokens.days(before: moment)
        return try Reply.json(
            Answered(AggregateBody(days: days, trim_old: asked.trim_old ?? false, aggregated_groups: groups), shards))
    }

    /// Answers out of the fleet's tokens, or with `?scope=local` this peer's; a bad request in its form of an error.
    private func answer(
        _ request: Request, _ make: (NomyoTokens) async throws -> Response
    ) async throws -> Response {
        do {
            return try await make(NomyoTokens(memory: FleetMemory(facts), isLocal: try Span.isLocal(request)))
        } catch let problem as NomyoRequest.Problem {
            return try Self.refusal(problem.text, .badRequest)
        } catch let problem as Span.Problem {
            return try Self.refusal(problem.detail, .badRequest)
        }
    }

    private struct AggregateBody: Encodable {
        let status = "ok"
        let days: Int
        let trim_old: Bool
        let aggregated_groups: Int

        private enum CodingKeys: String, CodingKey { case status, days, trim_old, aggregated_groups }
    }

    /// Its form of an error.
    private static func refusal(_ detail: String, _ status: HTTPResponse.Status) throws -> Response {
        try Reply.json(["detail": detail], status: status)
    }
}
