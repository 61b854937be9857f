import Foundation
import Gossip
import HTTPTypes
import Hummingbird
import Insight
import Store

/// What happened in the fleet, in ollama-herd's shapes. Each answer says whose shards it covers.
struct StatisticsRoutes {
    let facts: PeerFacts

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        addTotals(to: router, table: &table)
        addTags(to: router, table: &table)
        addTraces(to: router, table: &table)
        addFigures(to: router, table: &table)
    }

    private func addTotals(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/dashboard/api/overview", [.get, .head])
        get(router, "/dashboard/api/overview") { request in
            try await counts(request, CountsQuery(by: .model)) { OverviewBody($0) }
        }
        table.add("/dashboard/api/trends", [.get, .head])
        get(router, "/dashboard/api/trends") { request in
            let span = try Span(request, "hours", seconds: 3600, standard: 72)
            return try await counts(request, CountsQuery(by: .hour, since: span.since, until: span.until)) {
                TrendsBody(hours: span.length, data: TrendHour.all($0))
            }
        }
        table.add("/dashboard/api/models", [.get, .head])
        get(router, "/dashboard/api/models") { request in
            let span = try Span(request, "days", seconds: 86_400, standard: 7)
            return try await counts(request, CountsQuery(by: [.day, .model], since: span.since, until: span.until)) { rows in
                ModelsBody(
                    days: span.length, daily: ModelDay.all(rows), summary: ModelSummary.all(Counted.withoutTime(rows)))
            }
        }
        table.add("/dashboard/api/usage", [.get, .head])
        get(router, "/dashboard/api/usage") { request in
            let span = try Span(request, "days", seconds: 86_400, standard: 7)
            return try await counts(request, CountsQuery(by: [.day, .node, .model], since: span.since, until: span.until)) {
                DaysBody(days: span.length, data: UsageDay.all($0))
            }
        }
    }

    private func addTags(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/dashboard/api/tags", [.get, .head])
        table.add("/dashboard/api/apps", [.get, .head])
        for path in ["/dashboard/api/tags", "/dashboard/api/apps"] as [RouterPath] {
            get(router, path) { request in
                let span = try Span(request, "days", seconds: 86_400, standard: 7)
                return try await counts(request, CountsQuery(by: .tag, since: span.since, until: span.until)) { rows in
                    let tags = TagUsage.all(rows)
                    return AppsBody(days: span.length, data: tags.map(AppsBody.Row.init), summary: tags.map(AppsBody.Total.init))
                }
            }
        }
        table.add("/dashboard/api/tags/daily", [.get, .head])
        table.add("/dashboard/api/apps/daily", [.get, .head])
        for path in ["/dashboard/api/tags/daily", "/dashboard/api/apps/daily"] as [RouterPath] {
            get(router, path) { request in
                let span = try Span(request, "days", seconds: 86_400, standard: 7)
                return try await counts(request, CountsQuery(by: [.day, .tag], since: span.since, until: span.until)) {
                    DaysBody(days: span.length, data: TagDay.all($0))
                }
            }
        }
    }

    private func addTraces(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/dashboard/api/traces", [.get, .head])
        get(router, "/dashboard/api/traces") { request in
            let recalled = try await FleetMemory(facts).recall(
                .traces(try TracesQuery(request)), isLocal: try Span.isLocal(request))
            guard case .traces(let list) = recalled.part else { throw Span.Problem(detail: "the shards did not answer") }
            return try Reply.json(Answered(TraceBody(list, names: names()), recalled.shards))
        }
    }

    /// The nodes' names by the ids of their peers.
    private func names() -> [String: String] {
        Dictionary(facts.view().members.map { ($0.id.hex, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    /// Asks for counts and answers with what `make` makes of them.
    private func counts(
        _ request: Request, _ query: CountsQuery, _ make: ([Counted]) -> some Encodable
    ) async throws -> Response {
        let recalled = try await FleetMemory(facts).recall(.counts(query), isLocal: try Span.isLocal(request))
        return try Reply.json(Answered(make(recalled.part.counted), recalled.shards))
    }

    /// A route whose bad queries are answered in ollama-herd's form.
    func get(
        _ router: Router<PeerContext>, _ path: RouterPath, _ answer: @escaping @Sendable (Request) async throws -> Response
    ) {
        router.get(path) { request, _ in
            do {
                return try await answer(request)
            } catch let problem as Span.Problem {
                return try Reply.json(["detail": problem.detail], status: .badRequest)
            } catch let problem as ShardQueryProblem {
                return try Reply.json(["detail": problem.description], status: .badRequest)
            }
        }
    }
}
