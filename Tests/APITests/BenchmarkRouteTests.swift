import Foundation
import HTTPTypes
import NIOConcurrencyHelpers
import Store
import Testing

@testable import API

@Suite struct BenchmarkRouteTests {
    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// Each request takes a millisecond; every fifth fails.
    private func facts(_ kept: NIOLockedValueBox<[BenchmarkRow]>, answers: Bool = true) -> PeerFacts {
        var facts = Fleet.three().facts
        let count = NIOLockedValueBox(0)
        facts.benchmarks.send = { _, _ in
            try? await Task.sleep(for: .milliseconds(1))
            let number = count.withLockedValue { count in
                count += 1
                return count
            }
            return .init(
                node: "desk", isAnswered: answers && number % 5 != 0, latency: Double(number), firstToken: 2, promptTokens: 3,
                completionTokens: 10)
        }
        facts.benchmarks.save = { row in kept.withLockedValue { $0.append(row) } }
        return facts
    }

    private func order(_ text: String) throws -> BenchmarkOrder {
        try JSONDecoder().decode(BenchmarkOrder.self, from: Data(text.utf8))
    }

    private func wait(_ desk: BenchmarkDesk, _ status: String) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while true {
            let progress = await desk.progress
            if progress.status == status { return }
            try #require(ContinuousClock.now < end, "\(progress)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test func aRunIsMeasuredAndKept() async throws {
        let kept = NIOLockedValueBox<[BenchmarkRow]>([])
        let desk = BenchmarkDesk(facts: facts(kept))
        let idle = await desk.progress
        #expect(idle.status == "idle" && idle.elapsed == nil)
        let begun = await desk.start(try order(#"{"duration":1}"#))
        let id = try #require(begun)
        #expect(id.hasPrefix("bench-"))
        let second = await desk.start(try order("{}"))
        #expect(second == nil, "one at a time")
        try await wait(desk, "complete")
        let row = try #require(kept.withLockedValue { $0.first })
        let total = try #require(row.totalRequests)
        #expect(row.runID == id && total > 5 && (row.totalFailures ?? 0) > 0 && (row.durationSeconds ?? 0) >= 1)
        #expect(row.totalCompletionTokens == (total - (row.totalFailures ?? 0)) * 10)
        #expect(row.perModelResults?.contains("llama3.2:latest") == true && row.perNodeResults?.contains("desk") == true)
        let progress = await desk.progress
        #expect(progress.models == ["llama3.2:latest"])
    }

    @Test func aRunCanBeCancelledAndIsNotKept() async throws {
        let kept = NIOLockedValueBox<[BenchmarkRow]>([])
        let desk = BenchmarkDesk(facts: facts(kept))
        let early = await desk.cancel()
        #expect(!early)
        _ = await desk.start(try order(#"{"duration":3600}"#))
        try await wait(desk, "running")
        let late = await desk.cancel()
        #expect(late)
        try await wait(desk, "cancelled")
        #expect(kept.withLockedValue { $0.isEmpty })
        _ = await desk.cancel()
    }

    @Test func withoutAnAnswerThereIsNoRun() async throws {
        let kept = NIOLockedValueBox<[BenchmarkRow]>([])
        let silent = BenchmarkDesk(facts: facts(kept, answers: false))
        _ = await silent.start(try order("{}"))
        try await wait(silent, "error")
        let nothing = BenchmarkDesk(facts: facts(kept))
        _ = await nothing.start(try order(#"{"model_types":["embed"]}"#))
        try await wait(nothing, "error")
        #expect(kept.withLockedValue { $0.isEmpty })
    }

    @Test(arguments: [
        #"{"mode":"smart"}"#, #"{"duration":0}"#, #"{"duration":3601}"#, #"{"model_types":[]}"#, #"{"model_types":["image"]}"#,
        "[",
    ])
    func ordersThatCannotBe(body: String) async throws {
        #expect(try await Fleet.three().ask(.post, "/dashboard/api/benchmarks/start", body: body).status == 400)
    }

    @Test func runsAreListedAndTakenFromElsewhere() async throws {
        let kept = NIOLockedValueBox<[BenchmarkRow]>([])
        var fleet = Fleet.three()
        fleet.facts.benchmarks.save = { row in kept.withLockedValue { $0.append(row) } }
        fleet.facts.benchmarks.list = { _ in kept.withLockedValue { $0 } }
        fleet.facts.benchmarks.run = { id in kept.withLockedValue { $0.first { $0.runID == id } } }
        let run = #"{"run_id":"bench-1","timestamp":5,"total_requests":7,"per_model_results":{"m":{"requests":7}}}"#
        #expect(try await fleet.ask(.post, "/dashboard/api/benchmarks", body: run).status == 200)
        let list = try object(try await fleet.ask(.get, "/dashboard/api/benchmarks").text)
        let first = try #require((list["data"] as? [[String: Any]])?.first)
        #expect(first["total_requests"] as? Int == 7 && first["per_model_results"] is [String: Any])
        let one = try object(try await fleet.ask(.get, "/dashboard/api/benchmarks/bench-1").text)
        #expect((one["data"] as? [String: Any])?["run_id"] as? String == "bench-1")
        #expect(try await fleet.ask(.get, "/dashboard/api/benchmarks/none").status == 404)
        #expect(try await fleet.ask(.post, "/dashboard/api/benchmarks", body: "{}").status == 400)
        #expect(try await fleet.ask(.get, "/dashboard/api/benchmarks?limit=0").status == 400)
        let idle = try object(try await fleet.ask(.get, "/dashboard/api/benchmarks/progress").text)
        #expect(Set(idle.keys) == ["status", "phase"])
        let stop = try object(try await fleet.ask(.post, "/dashboard/api/benchmarks/cancel").text)
        #expect(stop["status"] as? String == "not_running")
    }
}
