import Foundation
import Testing

@testable import Health

@Suite struct DigestTests {
    @Test func histogramsAddUpAndKnowPercentiles() throws {
        var one = LogHistogram()
        var two = LogHistogram()
        for value in 1...1_000 { value % 2 == 0 ? one.add(Double(value)) : two.add(Double(value)) }
        one.add(two)
        #expect(one.count == 1_000 && one.maximum == 1_000 && one.mean == 500.5)
        for (share, value) in [(0.5, 500.0), (0.75, 750), (0.95, 950), (0.99, 990)] {
            let found = try #require(one.percentile(share))
            #expect(abs(found - value) / value < 0.07, "\(share): \(found)")
        }
        #expect(one.percentile(1) == 1_000 || one.percentile(1).map { abs($0 - 1_000) < 65 } == true)
        #expect(LogHistogram().percentile(0.5) == nil && LogHistogram().mean == nil)
    }

    @Test func histogramsTakeWhateverComes() throws {
        var histogram = LogHistogram()
        for value in [0, -1, .nan, .infinity, 1e300, 1e-9, 0.004, 1e14] as [Double] { histogram.add(value) }
        #expect(histogram.count == 4)
        #expect(try #require(histogram.percentile(0.25)) == 0)
        #expect(abs(try #require(histogram.percentile(0.75)) - 0.004) < 0.0004)
    }

    @Test func rowsAreLookedAt() {
        var digest = TrafficDigest()
        func look(_ status: String, at time: Double = 5_000, _ change: (inout TraceGlance) -> Void = { _ in }) {
            var row = TraceGlance()
            (row.node, row.model, row.originalModel, row.status, row.timestamp) = ("desk", "m", "big", status, time)
            change(&row)
            digest.look(at: row, hourBegan: 4_000)
        }
        look("completed") { ($0.firstToken, $0.latency, $0.completionTokens, $0.promptTokens) = (40_000, 40_900, 10, 90) }
        look("completed", at: 3_999) { ($0.firstToken, $0.latency, $0.completionTokens) = (40_001, 40_101, 11) }
        look("failed") { $0.latency = 120_000 }
        look("retried") { $0.latency = 120_001 }
        look("failed") { ($0.latency, $0.format) = (120_001, "embed") }
        look("completed") { $0.format = "embed" }
        look("completed") { ($0.isSubstituted, $0.rewrites) = (true, "num_ctx=2048>4096, keep_alive=>-1") }
        look("completed") { $0.rewrites = "!num_ctx=8192>4096, ^prompt=9000>4096" }
        look("no_output") { $0.format = "image" }
        look("completed") { $0.format = "stt" }
        look("failed") { ($0.format, $0.node) = ("anthropic", "") }
        let day = digest.total(.day)
        let hour = digest.total(.hour)
        #expect(day.coldLoads == 1 && hour.coldLoads == 0)
        #expect(day.loadTimeouts == 2 && hour.loadTimeouts == 2)
        #expect(day.embeddings == 2 && day.embeddingsFailed == 1)
        #expect(day.contextsKept == 1 && day.contextReloads == 1 && day.contextOverflows == 1)
        #expect(day.images == 1 && day.imagesFailed == 1 && day.transcriptions == 1 && day.transcriptionsFailed == 0)
        #expect(day.anthropic == 1 && day.anthropicFailed == 1)
        #expect(digest.substituted == ["big": 1])
        #expect(day.tokenTimes.count == 2 && hour.tokenTimes.maximum == 100 && day.tokens.maximum == 100)
    }

    @Test func shardsAddUpInAnyOrderAndSurviveTheWire() throws {
        func shard(_ seed: Int) -> TrafficDigest {
            var digest = TrafficDigest()
            for number in 0..<50 {
                digest.change(node: "n\((number * seed) % 7)", model: "m\((number + seed) % 5)") { pair in
                    pair.day.add(status: ["completed", "failed", "retried", "rejected"][number % 4], requests: number)
                    pair.day.tokens.add(Double(number * seed))
                }
            }
            digest.substituted["m\(seed)"] = seed
            return digest
        }
        var forth = shard(3)
        forth.add(shard(4))
        var back = shard(4)
        back.add(shard(3))
        #expect(forth == back)
        #expect(forth.total(.day).requests == shard(3).total(.day).requests + shard(4).total(.day).requests)
        let carried = try JSONDecoder().decode(TrafficDigest.self, from: JSONEncoder().encode(forth))
        #expect(carried == forth)
    }

    @Test func aLyingPeerBreaksNothing() throws {
        var digest = TrafficDigest()
        digest.change(node: "a", model: "b") { pair in
            pair.day.completed = .max
            pair.day.failed = -5
            pair.day.firstTokenSum = .infinity
        }
        var sum = TrafficDigest()
        for _ in 0..<100 { sum.add(digest) }
        #expect(sum.total(.day).failed == 0 && sum.total(.day).completed > 0 && sum.total(.day).firstTokenSum == 0)
        var many = TrafficDigest()
        for number in 0..<5_000 { many.change(node: "\(number)", model: "m") { $0.day.completed = 1 } }
        #expect(many.pairs.count == TrafficDigest.mostPairs)
    }

    @Test func theScoreStopsAtZeroAndTheWorstComesFirst() throws {
        let facts = Cases.calm { facts in
            facts.mesh.isOpen = true
            for number in 0..<9 { facts.nodes.append(NodeFacts("gone\(number)", .offline)) }
        }
        let report = HealthReport(facts)
        #expect(report.vitals.healthScore == 0)
        let ranks = report.findings.map(\.severity.rank)
        #expect(ranks == ranks.sorted() && ranks.first == 0)
    }

    @Test func findingsKeepTheirKeys() throws {
        let finding = try #require(Cases.finding("open_fleet", Cases.calm { $0.mesh.isOpen = true }))
        let object = try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(finding)) as? [String: Any])
        #expect(Set(object.keys) == ["check_id", "severity", "title", "description", "fix", "node_id", "data"])
        #expect(object["node_id"] is NSNull)
        let vitals = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(HealthReport(Cases.calm()).vitals)) as? [String: Any])
        #expect(
            Set(vitals.keys) == [
                "nodes_total", "nodes_online", "nodes_degraded", "nodes_offline", "overall_error_rate_pct", "cold_loads_24h",
                "avg_ttft_ms", "total_requests_24h", "total_retries_24h", "client_disconnects_24h", "incomplete_streams_24h",
                "image_generations_24h", "transcriptions_24h", "health_score",
            ])
    }
}
