import Foundation
import HTTPTypes
import Hummingbird
import Store

/// Benchmarks, in ollama-herd's form (herd-compat §3.4): start, look, cancel, and the runs of this peer.
struct BenchmarkRoutes {
    let facts: PeerFacts

    private static let base = "/dashboard/api/benchmarks"

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        let desk = BenchmarkDesk(facts: facts)
        table.add("/dashboard/api/benchmarks/start", [.post])
        router.post("/dashboard/api/benchmarks/start") { request, _ in try await start(request, desk) }
        table.add("/dashboard/api/benchmarks/progress", [.get, .head])
        router.get("/dashboard/api/benchmarks/progress") { _, _ in try Reply.json(await desk.progress) }
        table.add("/dashboard/api/benchmarks/cancel", [.post])
        router.post("/dashboard/api/benchmarks/cancel") { _, _ in
            try Reply.json(["status": await desk.cancel() ? "cancelled" : "not_running"])
        }

        table.add("/dashboard/api/benchmarks", [.get, .head, .post])
        router.get("/dashboard/api/benchmarks") { request, _ in
            let limit = request.uri.queryParameters.get("limit").map { Int($0) ?? 0 } ?? 50
            guard (1...1_000).contains(limit) else {
                return try Reply.json(["detail": "limit is a whole number from 1 to 1000"], status: .badRequest)
            }
            return try Reply.json(["data": try await facts.benchmarks.list(limit).map(BenchmarkBody.init)])
        }
        router.post("/dashboard/api/benchmarks") { request, _ in
            guard let body = try? await request.body.collect(upTo: BenchmarkOrder.maximumBytes),
                let run = try? JSONDecoder().decode(BenchmarkBody.self, from: Data(body.readableBytesView)), run.isUsable
            else { return try Reply.json(["error": "the body is a run, with run_id and timestamp"], status: .badRequest) }
            try await facts.benchmarks.save(run.row)
            return try Reply.json(["status": "stored", "run_id": run.row.runID])
        }
        table.add("/dashboard/api/benchmarks/**", [.get, .head])
        router.get("/dashboard/api/benchmarks/**") { request, _ in
            let id = String(request.uri.path.dropFirst(Self.base.count + 1))
            guard let run = try await facts.benchmarks.run(id.removingPercentEncoding ?? id) else {
                return try Reply.json(["detail": "there is no run '\(id.prefix(100))'"], status: .notFound)
            }
            return try Reply.json(["data": BenchmarkBody(run)])
        }
    }

    private func start(_ request: Request, _ desk: BenchmarkDesk) async throws -> Response {
        guard let body = try? await request.body.collect(upTo: BenchmarkOrder.maximumBytes),
            let order = try? JSONDecoder().decode(
                BenchmarkOrder.self, from: body.readableBytes == 0 ? Data("{}".utf8) : Data(body.readableBytesView))
        else { return try Reply.json(["error": "the body is {\"mode\", \"duration\", \"model_types\"}"], status: .badRequest) }
        if let problem = order.problem { return try Reply.json(["error": problem], status: .badRequest) }
        guard let id = await desk.start(order) else {
            return try Reply.json(
                Busy(error: "a benchmark is under way", progress: await desk.progress), status: .conflict)
        }
        return try Reply.json(
            Started(run_id: id, mode: order.mode ?? "default", duration: order.seconds, model_types: order.types))
    }

    private struct Busy: Encodable {
        let error: String
        let progress: BenchmarkDesk.Progress
    }

    private struct Started: Encodable {
        let status = "started"
        let run_id: String
        let mode: String
        let duration: Double
        let model_types: [String]
    }
}
