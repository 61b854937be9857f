import Foundation
import HTTPTypes
import Hummingbird
import Insight
import Logging

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
                return try Reply.json(try await facts.shards.own(question.query), type: "application/json")
            } catch {
                context.logger.warning("A question about the shard failed", metadata: ["error": "\(error)"])
                return try Reply.json(["error": "\(error)"], status: .internalServerError)
            }
        }
    }
}
