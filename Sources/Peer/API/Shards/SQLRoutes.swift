import Foundation
import Gossip
import HTTPTypes
import Hummingbird
import Insight
import NIOCore
import Store

/// `POST /fleet/sql`: a query that only reads, run by every peer on its own shard.
struct SQLRoutes {
    let facts: PeerFacts

    /// What is asked.
    private struct Order: Decodable {
        let sql: String
        /// A second query, over the rows of all shards together, which are the table `rows`.
        let merge: String?
        /// Rows of each shard.
        let limit: Int?
    }

    /// The answer: rows of all shards, each behind the name of its node; or what `merge` made of them.
    private struct Body: Encodable {
        let columns: [String]
        let rows: [[SQLValue]]
        let cut: Bool
    }

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/fleet/sql", [.post])
        router.post("/fleet/sql") { request, _ in
            guard let body = try? await request.body.collect(upTo: ShardQuestion.maximumBytes),
                let order = try? JSONDecoder().decode(Order.self, from: Data(body.readableBytesView))
            else { return try refusal("send {\"sql\": \"SELECT …\"}, of at most \(ShardQuestion.maximumBytes) bytes") }
            do {
                return try await run(order, isLocal: try Span.isLocal(request))
            } catch let problem as ShardQueryProblem {
                return try refusal(problem.description)
            } catch let problem as SQLProblem {
                return try refusal(problem.description)
            } catch let problem as Span.Problem {
                return try refusal(problem.detail)
            }
        }
    }

    private func run(_ order: Order, isLocal: Bool) async throws -> Response {
        var patient = facts
        // Whoever writes a query waits for it.
        patient.shards.deadline = SQLLimits().time + .seconds(3)
        let query = ShardQuery.sql(SQLQuery(order.sql, rows: order.limit ?? 10_000))
        let recalled = try await FleetMemory(patient).recall(query, isLocal: isLocal)
        var shards = recalled.shards
        let names = Dictionary(facts.view().members.map { ($0.id.hex, $0.name) }, uniquingKeysWith: { first, _ in first })
        var whole: SQLTable?
        var problems: [String] = []
        for part in recalled.part.tables {
            let name = names[part.shard] ?? part.shard
            guard let table = part.table else {
                problems.append(part.problem ?? "it did not answer")
                shards.answered -= 1
                shards.missing.append(.init(node_id: name, last_seen: nil, reason: problems.last ?? ""))
                continue
            }
            // Shards of different versions may have different columns: those of the first decide.
            var all = whole ?? SQLTable(columns: ["shard"] + table.columns, rows: [])
            guard all.columns.count == table.columns.count + 1 else { continue }
            all.rows += table.rows.map { [.text(name)] + $0 }
            all.isCut = all.isCut || table.isCut
            whole = all
        }
        guard var result = whole else { return try refusal(problems.first ?? "no shard answered") }
        if let merge = order.merge {
            let isCut = result.isCut
            result = try await Shard.table(merge, over: result)
            result.isCut = result.isCut || isCut
        }
        return try Reply.json(Answered(Body(columns: result.columns, rows: result.rows, cut: result.isCut), shards))
    }

    private func refusal(_ detail: String) throws -> Response {
        try Reply.json(["error": detail, "detail": detail], status: .badRequest)
    }
}
