import Foundation
import Gossip
import Hummingbird
import Insight
import Store

extension StatisticsRoutes {
    /// How full contexts are, and what became of pictures and sound.
    func addFigures(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/dashboard/api/context-usage", [.get, .head])
        get(router, "/dashboard/api/context-usage") { request in
            let span = try Span(request, "days", seconds: 86_400, standard: 7)
            let isLocal = try Span.isLocal(request)
            let memory = FleetMemory(facts)
            let yesterday = Date().timeIntervalSince1970 - 86_400
            // One pass over the rows tells both: those of the last day are the newest of the span.
            let both = SpreadQuery(of: [.promptTokens, .totalTokens], since: span.since, recent: yesterday)
            async let counts = memory.recall(.counts(CountsQuery(by: .model, since: span.since)), isLocal: isLocal)
            let whole = try await memory.recall(.spread(both), isLocal: isLocal)
            return try Reply.json(
                Answered(
                    ContextUsageBody(
                        days: span.length, spreads: whole.part.spreads, counts: try await counts.part.counted, view: facts.view()),
                    whole.shards))
        }
        table.add("/dashboard/api/image-stats", [.get, .head])
        get(router, "/dashboard/api/image-stats") { request in try await media(request, "image", time: "avg_generation_ms") }
        table.add("/dashboard/api/transcription-stats", [.get, .head])
        get(router, "/dashboard/api/transcription-stats") { request in
            try await media(request, "audio", time: "avg_processing_ms")
        }
    }

    /// Traces do not say whether a picture was asked for: models that say that they make pictures, or hear, do.
    private func media(_ request: Request, _ capability: String, time: String) async throws -> Response {
        let isLocal = try Span.isLocal(request)
        let models = Set(
            facts.view().members.flatMap { $0.models?.available ?? [] }.filter { $0.capabilities.contains(capability) }
                .map { ModelKey.canonical($0.name) })
        let memory = FleetMemory(facts)
        let counted = try await memory.recall(.counts(CountsQuery(by: [.node, .model])), isLocal: isLocal)
        let rows = counted.part.counted.filter { models.contains(ModelKey.canonical($0.key.model ?? "")) && $0.requests > 0 }
        var recent: [TraceBody.Trace] = []
        for model in Set(rows.compactMap(\.key.model)).sorted().prefix(8) {
            var filter = TraceFilter()
            filter.model = model
            let found = try await memory.recall(.traces(TracesQuery(limit: 10, filter: filter)), isLocal: isLocal)
            if case .traces(let list) = found.part { recent += list.entries.map { TraceBody.Trace($0.row) } }
        }
        recent.sort { $0.timestamp > $1.timestamp }
        return try Reply.json(
            Answered(MediaStatsBody(timeKey: time, rows: rows, recent: Array(recent.prefix(10))), counted.shards))
    }
}
