import Foundation
import Gossip
import HTTPTypes
import Insight
import NIOCore
import Store
import Synchronization
import Testing

@testable import API

/// The statistics of a fleet of three: `desk` is asked, `attic` answers, `couch` is gone.
@Suite struct StatisticsRouteTests {
    private static let hour = 1_750_000_000 / 3600 * 3600

    private static func counted(_ requests: Int, model: String = "m", node: String = "desk", tag: String? = nil) -> Counted {
        var row = Counted(key: .init())
        row.requests = requests
        row.completed = requests
        row.timed = requests
        row.latencySum = Double(requests) * 10
        row.latencyMinimum = 10
        row.latencyMaximum = 10
        row.promptTokens = requests * 2
        row.completionTokens = requests * 3
        row.firstSeen = 1
        row.lastSeen = 2
        row.key.model = model
        row.key.node = node
        row.key.tag = tag
        row.key.bucket = hour
        return row
    }

    /// Shards whose rows have all facts; a question takes those that it asks for.
    private static func answer(_ query: ShardQuery, _ rows: [Counted], _ traces: [TraceRow], shard: String) -> ShardPart {
        switch query {
        case .counts(let asked):
            .counts(
                rows.map { row in
                    var row = row
                    if !asked.grouping.contains(.hour), !asked.grouping.contains(.day) { row.key.bucket = nil }
                    if !asked.grouping.contains(.node) { row.key.node = nil }
                    if !asked.grouping.contains(.model) { row.key.model = nil }
                    if !asked.grouping.contains(.tag) { row.key.tag = nil }
                    return row
                })
        case .traces(let asked): .traces(TraceList(TracePage(rows: traces), shard: shard, limit: asked.limit))
        default: .empty(query)
        }
    }

    private static func trace(_ id: Int64, at timestamp: Double) -> TraceRow {
        var row = TraceRow(requestID: "r\(id)", model: "m", nodeID: "desk", status: "completed", timestamp: timestamp)
        row.id = id
        row.scoresBreakdown = #"{"thermal":50,"total":70}"#
        return row
    }

    private let asked = Asked()

    private final class Asked: Sendable {
        private let list = Mutex<[PeerID]>([])

        var peers: [PeerID] { list.withLock { $0 } }

        func add(_ peer: PeerID) { list.withLock { $0.append(peer) } }
    }

    private func fleet(_ change: (inout ShardFacts) -> Void = { _ in }) -> Fleet {
        var fleet = Fleet.three()
        var shards = ShardFacts()
        shards.own = { query in
            Self.answer(
                query, [Self.counted(5, tag: "x"), Self.counted(2, model: "n", tag: "y")],
                [Self.trace(2, at: 30), Self.trace(1, at: 10)],
                shard: Fleet.id(1).hex)
        }
        shards.ask = { [asked] peer, body, _ in
            asked.add(peer)
            let question = try JSONDecoder().decode(ShardQuestion.self, from: Data(body))
            let part = Self.answer(
                question.query, [Self.counted(4, node: "attic", tag: "x")], [Self.trace(1, at: 20)], shard: Fleet.id(2).hex)
            return (200, Array(try JSONEncoder().encode(ShardReply(part: part))))
        }
        change(&shards)
        fleet.facts.shards = shards
        return fleet
    }

    private func json(_ path: String, _ fleet: Fleet? = nil) async throws -> NSDictionary {
        let answer = try await (fleet ?? self.fleet()).ask(.get, path)
        #expect(answer.status == 200, "\(path): \(answer.text)")
        return try #require(answer.json as NSDictionary?)
    }

    @Test func shardsAreAddedUpAndTheMissingOneIsNamed() async throws {
        let overview = try await json("/dashboard/api/overview")
        #expect(overview["total_requests"] as? Int == 11 && overview["models_count"] as? Int == 2)
        #expect(overview["total_prompt_tokens"] as? Int == 22 && overview["total_tokens"] as? Int == 55)
        let shards = try #require(overview["shards"] as? NSDictionary)
        #expect(shards["answered"] as? Int == 2 && shards["total"] as? Int == 3)
        let missing = try #require((shards["missing"] as? [NSDictionary])?.first)
        #expect(missing["node_id"] as? String == "couch" && missing["reason"] as? String == "it cannot be reached")
        // Nobody asks himself, or one that is gone.
        #expect(asked.peers == [Fleet.id(2)])
    }

    @Test func oneShardAloneIsAsked() async throws {
        let overview = try await json("/dashboard/api/overview?scope=local")
        #expect(overview["total_requests"] as? Int == 7)
        #expect(overview["shards"] as? NSDictionary == ["answered": 1, "total": 1, "missing": []])
        #expect(asked.peers.isEmpty)
    }

    @Test func shapesAreThoseOfOllamaHerd() async throws {
        let trends = try await json("/dashboard/api/trends?hours=24")
        #expect(trends["hours"] as? Int == 24)
        #expect(
            trends["data"] as? [NSDictionary] == [
                [
                    "hour_bucket": Self.hour, "request_count": 11, "avg_latency_ms": 10, "total_prompt_tokens": 22,
                    "total_completion_tokens": 33,
                ]
            ])
        let models = try await json("/dashboard/api/models")
        #expect(models["days"] as? Int == 7 && (models["daily"] as? [NSDictionary])?.count == 2)
        let summary = try #require((models["summary"] as? [NSDictionary])?.first)
        #expect(summary["model_name"] as? String == "m" && summary["total_requests"] as? Int == 9)
        #expect(
            Set(summary.allKeys.compactMap { $0 as? String }).isSuperset(of: ["min_latency_ms", "max_latency_ms", "first_seen"]))
        let usage = try await json("/dashboard/api/usage")
        #expect((usage["data"] as? [NSDictionary])?.map { $0["node_id"] as? String } == ["attic", "desk", "desk"])
        for path in ["/dashboard/api/tags?days=3", "/dashboard/api/apps?days=3"] {
            let tags = try await json(path)
            #expect(tags["days"] as? Int == 3)
            #expect((tags["data"] as? [NSDictionary])?.map { $0["request_count"] as? Int } == [9, 2])
            #expect((tags["summary"] as? [NSDictionary])?.map { $0["total_requests"] as? Int } == [9, 2])
        }
        let daily = try await json("/dashboard/api/apps/daily")
        #expect((daily["data"] as? [NSDictionary])?.first?["total_tokens"] as? Int == 45)
    }

    @Test func tracesOfAllShardsComeNewestFirstAndPageByPage() async throws {
        let all = try await json("/dashboard/api/traces?limit=7")
        let traces = try #require(all["traces"] as? [NSDictionary])
        #expect(traces.map { $0["timestamp"] as? Int } == [30, 20, 10])
        #expect(traces.map { $0["shard"] as? String } == ["desk", "attic", "desk"])
        #expect((traces.first?["scores_breakdown"] as? NSDictionary)?["total"] as? Int == 70)
        #expect(all["next"] == nil)
        let page = try await json("/dashboard/api/traces?limit=1")
        #expect((page["traces"] as? [NSDictionary])?.count == 1)
        let next = try #require(page["next"] as? String)
        #expect(TraceCursor(text: next)?.timestamp == 30)
    }

    @Test func aPeerThatFailsOrDoesNotUnderstandIsMissing() async throws {
        for (status, reason) in [(400, "does not know this question"), (403, "does not take this peer"), (500, "cannot be read")]
        {
            let overview = try await json("/dashboard/api/overview", fleet { $0.ask = { _, _, _ in (status, []) } })
            let missing = try #require((overview["shards"] as? NSDictionary)?["missing"] as? [NSDictionary])
            #expect(missing.count == 2 && (missing.first?["reason"] as? String)?.contains(reason) == true)
            #expect(missing.first?["last_seen"] != nil && overview["total_requests"] as? Int == 7)
        }
        let rubbish = try await json("/dashboard/api/overview", fleet { $0.ask = { _, _, _ in (200, [1, 2, 3]) } })
        #expect((rubbish["shards"] as? NSDictionary)?["answered"] as? Int == 1)
        let own = try await json("/dashboard/api/overview", fleet { $0.own = { _ in throw ShardError.closed } })
        let missing = try #require((own["shards"] as? NSDictionary)?["missing"] as? [NSDictionary])
        #expect(missing.contains { $0["node_id"] as? String == "desk" && ($0["reason"] as? String)?.contains("closed") == true })
    }

    private static func days(of number: UInt64, _ requests: Int, asOf: Double) -> OwnerDays {
        var row = counted(requests, node: "couch")
        row.key.bucket = nil
        return OwnerDays(
            owner: Fleet.id(number).hex, node: "couch", asOf: asOf,
            days: [OwnerDay(day: hour / 86_400 * 86_400, version: Int64(asOf), rows: [row])])
    }

    @Test func aMissingPeersDaysComeFromWhoKeepsThem() async throws {
        let fleet = fleet { shards in
            shards.days = { $0.absent.contains(Fleet.id(3).hex) ? [Self.days(of: 3, 100, asOf: 1)] : [] }
            shards.ask = { _, body, _ in
                let question = try JSONDecoder().decode(ShardQuestion.self, from: Data(body))
                // Days of somebody who is not missing are of no interest.
                let kept = question.absent.map { _ in Self.days(of: 3, 200, asOf: 2) } + [Self.days(of: 1, 999, asOf: 9)]
                return (200, Array(try JSONEncoder().encode(ShardReply(part: .empty(question.query), days: kept))))
            }
        }
        let overview = try await json("/dashboard/api/overview", fleet)
        #expect(overview["total_requests"] as? Int == 207)
        let missing = try #require(((overview["shards"] as? NSDictionary)?["missing"] as? [NSDictionary])?.first)
        #expect(missing["replica_of_days_at"] as? String == "attic" && missing["replica_as_of"] as? Int == 2)
        // Hours cannot be told from days.
        let trends = try await json("/dashboard/api/trends", fleet)
        #expect((trends["data"] as? [NSDictionary])?.first?["request_count"] as? Int == 7)
        let other = try #require(((trends["shards"] as? NSDictionary)?["missing"] as? [NSDictionary])?.first)
        #expect(other["replica_of_days_at"] == nil)
    }

    /// One that is in sight and does not answer is found out while asking: then the others are asked for its days.
    @Test func whoFailsNowIsAnsweredForToo() async throws {
        let fleet = fleet { shards in
            shards.days = { question in question.absent.contains(Fleet.id(2).hex) ? [Self.days(of: 2, 50, asOf: 1)] : [] }
            shards.ask = { _, _, _ in throw ShardError.closed }
        }
        let overview = try await json("/dashboard/api/overview", fleet)
        #expect(overview["total_requests"] as? Int == 57)
        let missing = try #require((overview["shards"] as? NSDictionary)?["missing"] as? [NSDictionary])
        #expect(missing.first?["node_id"] as? String == "attic" && missing.first?["replica_of_days_at"] as? String == "desk")
    }

    @Test func aTraceIsFoundOrItIsSaidWhereNobodyLooked() async throws {
        let found = fleet { shards in
            shards.own = { query in
                guard case .request("r1") = query else { return .empty(query) }
                return .request(RequestRecord(attempts: [Self.trace(1, at: 5)]))
            }
            shards.ask = { _, body, _ in
                let question = try JSONDecoder().decode(ShardQuestion.self, from: Data(body))
                return (200, Array(try JSONEncoder().encode(ShardReply(part: .empty(question.query)))))
            }
        }
        let trace = try await json("/fleet/traces/r1", found)
        #expect(trace["request_id"] as? String == "r1" && trace["status"] as? String == "completed")
        #expect((trace["attempts"] as? [NSDictionary])?.count == 1 && (trace["peers"] as? [String: String])?.count == 3)
        let nobody = try await found.ask(.get, "/fleet/traces/r2")
        #expect(
            nobody.status == 404
                && (nobody.json?["detail"] as? String)?.contains("2 of 3 shards; these did not answer: couch") == true)
        let long = try await found.ask(.get, "/fleet/traces/" + String(repeating: "x", count: 2000))
        #expect(long.status == 400)
        #expect(try await found.ask(.get, "/dashboard/api/briefing").json?["enabled"] as? Bool == false)
    }

    @Test func contextsAndMediaAreTold() async throws {
        let told = fleet { shards in
            shards.own = { query in
                switch query {
                case .spread(let asked):
                    var spread = Spread()
                    for value in 1...100 { spread.add(Double(value) * 100) }
                    let recent = asked.recent.map { _ in 7_000.0 }
                    return .spread(
                        asked.figures.map {
                            ModelSpread(model: "llama3.2:latest", figure: $0, spread: spread, recentMaximum: recent)
                        })
                default:
                    return Self.answer(query, [Self.counted(5, model: "llama3.2:latest")], [], shard: Fleet.id(1).hex)
                }
            }
            shards.ask = { _, _, _ in (500, []) }
        }
        let usage = try await json("/dashboard/api/context-usage", told)
        let model = try #require((usage["models"] as? [NSDictionary])?.first)
        #expect(model["model"] as? String == "llama3.2:latest" && model["allocated_ctx"] as? Int == 4096)
        #expect(model["request_count"] as? Int == 5 && model["recommended_ctx"] as? Int == 16_384)
        let totals = model["total_tokens"] as? NSDictionary
        #expect(totals?["max"] as? Int == 10_000 && totals?["max_24h"] as? Int == 7_000)
        #expect(model["override_ctx"] is NSNull)
        let images = try await json("/dashboard/api/image-stats", told)
        #expect(images["total"] as? Int == 0 && images["by_node"] as? NSDictionary == [:] && images["recent"] is [Any])
        #expect(try await json("/dashboard/api/transcription-stats", told)["shards"] != nil)
    }

    @Test func shardsAreAskedInSQL() async throws {
        let fleet = fleet { shards in
            shards.own = { query in
                guard case .sql(let asked) = query, asked.sql != "bad" else {
                    return .sql([SQLPart(shard: Fleet.id(1).hex, problem: "SQLite says: no")])
                }
                return .sql([SQLPart(shard: Fleet.id(1).hex, table: SQLTable(columns: ["n"], rows: [[.integer(2)]]))])
            }
            shards.ask = { _, body, _ in
                let table = SQLTable(columns: ["n"], rows: [[.integer(3)], [.integer(4)]], isCut: true)
                let part = ShardPart.sql([SQLPart(shard: Fleet.id(2).hex, table: table)])
                return (200, Array(try JSONEncoder().encode(ShardReply(part: part))))
            }
        }
        let all = try await fleet.ask(.post, "/fleet/sql", body: #"{"sql":"SELECT 1 AS n"}"#)
        #expect(all.json?["columns"] as? [String] == ["shard", "n"] && all.json?["cut"] as? Bool == true)
        #expect(all.text.contains(#""rows":[["desk",2],["attic",3],["attic",4]]"#), "\(all.text)")
        let merged = try await fleet.ask(
            .post, "/fleet/sql", body: #"{"sql":"SELECT 1 AS n","merge":"SELECT sum(n) AS n, count(*) FROM rows"}"#)
        #expect(merged.text.contains(#""rows":[[9,3]]"#), "\(merged.text)")
        let partly = try await fleet.ask(.post, "/fleet/sql", body: #"{"sql":"bad"}"#)
        let shards = try #require(partly.json?["shards"] as? NSDictionary)
        #expect(partly.status == 200 && shards["answered"] as? Int == 1)
        for bad in ["", "{}", #"{"sql":"bad"}"#, #"{"sql":"x","limit":0}"#, #"{"sql":"x","merge":"DROP TABLE rows"}"#] {
            let answer = try await fleet.ask(.post, "/fleet/sql?scope=local", body: bad)
            #expect(answer.status == 400 && answer.json?["error"] is String, "\(bad): \(answer.text)")
        }
    }

    @Test(arguments: [
        "overview?scope=moon", "trends?hours=0", "trends?hours=x", "usage?days=99999", "models?start_ts=yesterday",
        "tags?end_ts=nan", "traces?limit=0", "traces?limit=many", "traces?limit=1001", "traces?cursor=x", "traces?since=x",
    ])
    func badQueriesAreRefused(query: String) async throws {
        let answer = try await fleet().ask(.get, "/dashboard/api/" + query)
        #expect(answer.status == 400 && answer.json?["detail"] is String, "\(query): \(answer.text)")
    }

    @Test func aQuestionOfAPeerIsAnswered() async throws {
        var fleet = fleet()
        fleet.face = .mesh
        let token: HTTPFields = [HTTPField.Name("X-Herd-Fleet")!: "secret"]
        let body = String(decoding: try JSONEncoder().encode(ShardQuestion(.counts(CountsQuery(by: .model)))), as: UTF8.self)
        #expect(try await fleet.ask(.post, "/herd/v1/shard", body: body).status == 403)
        let answer = try await fleet.ask(.post, "/herd/v1/shard", body: body, headers: token)
        let part = try JSONDecoder().decode(ShardReply.self, from: Data(answer.body.readableBytesView)).part
        guard case .counts(let rows) = part else {
            Issue.record("no counts: \(answer.text)")
            return
        }
        #expect(answer.status == 200 && rows.map(\.requests) == [5, 2])
        let unknown = try await fleet.ask(
            .post, "/herd/v1/shard", body: #"{"version":1,"query":{"new":{}}}"#, headers: token)
        #expect(unknown.status == 400 && unknown.text.contains("does not know the query 'new'"))
        for bad in ["", "{}", "[]", #"{"version":1}"#] {
            #expect(try await fleet.ask(.post, "/herd/v1/shard", body: bad, headers: token).status == 400)
        }
        fleet.facts.shards.own = { _ in throw ShardError.closed }
        #expect(try await fleet.ask(.post, "/herd/v1/shard", body: body, headers: token).status == 500)
    }
}
