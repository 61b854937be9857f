import Foundation
import Gossip
import HTTPTypes
import Hummingbird

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
        // There is no cache of answers: it cannot hold or lose any.
        table.add("/api/cache/stats", [.get, .head])
        router.get("/api/cache/stats") { _, _ in try Reply.json(["enabled": false]) }
        table.add("/api/cache/invalidate", [.post])
        router.post("/api/cache/invalidate") { _, _ in try Reply.json(["enabled": false, "cleared": false]) }
    }

    private func addUsage(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/api/usage", [.get, .head])
        router.get("/api/usage") { request, _ in
            guard request.uri.queryParameters.get("format") != "prometheus" else {
                return Reply.bytes(
                    .init(string: PeerMetrics(facts: facts, mesh: await facts.mesh()).text), type: PeerMetrics.contentType,
                    status: .ok)
            }
            return try Reply.json(UsageBody(work: facts.work(), totals: try await facts.tokens.totals()))
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
        router.get("/api/token_counts") { _, _ in try Reply.json(TokenCountsBody(try await facts.tokens.totals())) }

        table.add("/api/stats", [.post])
        router.post("/api/stats") { request, _ in
            do throws(NomyoRequest.Problem) {
                return try await stats(NomyoRequest.read(request))
            } catch {
                return try Self.refusal(error.text, .badRequest)
            }
        }
        table.add("/api/aggregate_time_series_days", [.post])
        router.post("/api/aggregate_time_series_days") { request, _ in
            do throws(NomyoRequest.Problem) {
                return try await aggregate(NomyoRequest.read(request))
            } catch {
                return try Self.refusal(error.text, .badRequest)
            }
        }
    }

    private func stats(_ asked: NomyoRequest) async throws(NomyoRequest.Problem) -> Response {
        guard let model = asked.model, !model.isEmpty else {
            throw NomyoRequest.Problem(text: "Missing required field 'model'")
        }
        do {
            let name = ModelKey.canonical(model)
            let totals = try await facts.tokens.totals().filter { ModelKey.canonical($0.model) == name }
            guard let first = totals.first else {
                return try Self.refusal("no tokens of a model '\(model)' were counted at this peer", .notFound)
            }
            var minutes: [TokenFacts.Minute] = []
            for written in Set(totals.map(\.model)).sorted() { minutes += try await facts.tokens.minutes(written) }
            minutes.sort { ($1.begin, $0.node) < ($0.begin, $1.node) }
            return try Reply.json(ModelStatsBody(model: first.model, totals: totals, minutes: minutes))
        } catch {
            throw NomyoRequest.Problem(text: "the counts could not be read: \(error)")
        }
    }

    /// Days are summed whenever they are asked for, so there is nothing to prepare: asking twice changes nothing.
    private func aggregate(_ asked: NomyoRequest) async throws(NomyoRequest.Problem) -> Response {
        let days = asked.days ?? 30
        guard (1...36_500).contains(days) else { throw NomyoRequest.Problem(text: "`days` is a number from 1 to 36500") }
        do {
            let groups = try await facts.tokens.days(Date().timeIntervalSince1970 - Double(days) * 86_400)
            return try Reply.json(
                AggregateBody(days: days, trim_old: asked.trim_old ?? false, aggregated_groups: groups))
        } catch {
            throw NomyoRequest.Problem(text: "the counts could not be read: \(error)")
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
