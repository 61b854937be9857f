import Foundation
import HTTPTypes
import Hummingbird
import Insight
import Logging
import Store

extension MeshRoutes {
    /// Another peer asks about this peer's shard.
    func addShard(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/herd/v1/shard", [.post])
        router.post("/herd/v1/shard") { request, context in
            guard isPeer(request) else { return try stranger() }
            guard let body = try? await request.body.collect(upTo: ShardQuestion.maximumBytes) else {
                return try tooLong(ShardQuestion.maximumBytes)
            }
            let question: ShardQuestion
            do {
                question = try JSONDecoder().decode(ShardQuestion.self, from: Data(body.readableBytesView))
            } catch let problem as ShardQueryProblem {
                return try Reply.json(["error": problem.description], status: .badRequest)
            } catch {
                return try Reply.json(["error": "the body is no question about a shard"], status: .badRequest)
            }
            do {
                let part = try await facts.shards.own(question.query)
                let days = question.absent.isEmpty ? [] : try await facts.shards.days(question)
                return try Reply.json(ShardReply(part: part, days: days), type: "application/json")
            } catch {
                context.logger.warning("A question about the shard failed", metadata: ["error": "\(error)"])
                return try Reply.json(["error": "\(error)"], status: .internalServerError)
            }
        }

        table.add("/herd/v1/days", [.post])
        router.post("/herd/v1/days") { request, _ in
            guard isPeer(request) else { return try stranger() }
            guard let body = try? await request.body.collect(upTo: OwnerDays.maximumBytes) else {
                return try tooLong(OwnerDays.maximumBytes)
            }
            guard let days = try? JSONDecoder().decode(OwnerDays.self, from: Data(body.readableBytesView)) else {
                return try Reply.json(["error": "the body holds no days of a shard"], status: .badRequest)
            }
            do {
                try await facts.shards.keep(days, Self.pin(request))
                return try Reply.json(["status": "kept"], type: "application/json")
            } catch {
                return try Reply.json(["error": "\(error)"], status: .badRequest)
            }
        }
    }
}
