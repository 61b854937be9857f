import Access
import FastLane
import Gossip
import Routing
import Synchronization
import Testing

/// Requests for a model that no machine has, while somebody fetches it.
@Suite struct AutoPullTests {
    /// Fetches as the test says, and counts.
    private final class Fetcher: Sendable {
        private let state = Mutex<(asked: [String], outcome: AutoPull.Outcome?)>(([], nil))
        var asked: [String] { state.withLock { $0.asked } }
        func end(_ outcome: AutoPull.Outcome) { state.withLock { $0.outcome = outcome } }

        var autoPull: AutoPull {
            AutoPull { model in
                self.state.withLock { $0.asked.append(model) }
                while true {
                    if let outcome = self.state.withLock({ $0.outcome }) { return outcome }
                    try? await Task.sleep(for: .milliseconds(5))
                }
            }
        }
    }

    private func peer(
        _ fetcher: Fetcher, configure: (inout LaneConfiguration) -> Void = { _ in }
    ) async throws -> (TestPeer, ScriptedUpstream) {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine, configure: configure)
        peer.state.setAutoPull(fetcher.autoPull)
        return (peer, engine)
    }

    @Test(arguments: ["/api/chat", "/api/embed", "/v1/chat/completions", "/v1/embeddings"])
    func theRequestWaitsAndIsServed(_ path: String) async throws {
        let fetcher = Fetcher()
        let (peer, engine) = try await peer(fetcher)
        let client = try peer.client()
        try client.send(post(path, #"{"model":"new","input":"a"}"#))
        #expect(await eventually { fetcher.asked == ["new"] && peer.state.fetchingCount == 1 })
        #expect(engine.requests.isEmpty)
        peer.use(engine.port, models: ["new:latest"])
        peer.see([peer.member(models: ["new:latest"])], number: 2)
        fetcher.end(.here)
        let response = try await client.response()
        #expect(response.status == 200 && response["x-fleet-fallback"] == "false")
        #expect(await eventually { peer.traces.ends.first?.status == .completed && peer.state.fetchingCount == 0 })
        await peer.stop()
    }

    @Test func theAnswersAreClear() async throws {
        for (outcome, status, words) in [
            (AutoPull.Outcome.failed(nil), 404, "model 'new' not found\""),
            (.failed("disk full"), 404, "could not be pulled: disk full"),
            (.later("model 'new' is being pulled to h2 (42 %)", retryAfterSeconds: 30), 503, "h2 (42 %)"),
            // It is said to be there, and is not.
            (.here, 404, "model 'new' not found\""),
        ] {
            let fetcher = Fetcher()
            fetcher.end(outcome)
            let (peer, _) = try await peer(fetcher)
            let client = try peer.client()
            try client.send(post("/api/chat", #"{"model":"new"}"#))
            let response = try await client.response()
            #expect(response.status == status && response.body.contains(text: words), "\(response.body)")
            #expect((response["retry-after"] == "30") == (status == 503))
            #expect(fetcher.asked.count == 1)
            #expect(await eventually { peer.traces.ends.first?.status == .rejected })
            await peer.stop()
        }
    }

    /// What another machine could serve, what is no name, and what is a vendor's is not fetched.
    @Test(arguments: [
        (#"{"model":"tiny"}"#, 200), (#"{"model":"no name"}"#, 400), (#"{"model":"gpt-4o"}"#, 404),
        (#"{"model":"claude-sonnet-4-5"}"#, 404), (#"{"model":"none","fallback_models":["tiny"]}"#, 200),
    ])
    func whatIsNotFetched(_ body: String, _ status: Int) async throws {
        let fetcher = Fetcher()
        fetcher.end(.failed(nil))
        let (peer, _) = try await peer(fetcher)
        let client = try peer.client()
        try client.send(post("/v1/chat/completions", body))
        #expect(try await client.response().status == status)
        #expect(fetcher.asked.isEmpty)
        await peer.stop()
    }

    @Test func withoutAnOllamaOrWithClosedManagementNothingIsFetched() async throws {
        let fetcher = Fetcher()
        fetcher.end(.failed(nil))
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let other = try await TestPeer(alone: "h1", engine: engine, kind: .vllm)
        other.state.setAutoPull(fetcher.autoPull)
        let (closed, _) = try await peer(fetcher) { $0.gate = AccessGate(readOnlyManagement: true) }
        let (off, _) = try await self.peer(fetcher)
        var limits = off.state.limits
        limits.fetchesModels = false
        off.state.apply(limits)
        for peer in [other, closed, off] {
            let client = try peer.client()
            try client.send(post("/api/chat", #"{"model":"new"}"#))
            #expect(try await client.response().status == 404)
        }
        #expect(fetcher.asked.isEmpty)
        for peer in [other, closed, off] { await peer.stop() }
    }

    /// D21: whoever leaves is not waited for, and too many do not wait.
    @Test func d21AWaitEndsWithItsClientAndIsBounded() async throws {
        let fetcher = Fetcher()
        let (peer, _) = try await peer(fetcher) { $0.ticketQueueLimit = 2 }
        var clients: [RawClient] = []
        for number in 1...2 {
            let client = try peer.client()
            try client.send(post("/api/chat", #"{"model":"new"}"#))
            clients.append(client)
            #expect(await eventually { peer.state.fetchingCount == number })
        }
        let third = try peer.client()
        try third.send(post("/api/chat", #"{"model":"new"}"#))
        let refused = try await third.response()
        #expect(refused.status == 503 && refused["retry-after"] != nil)
        for client in clients { client.close() }
        #expect(await eventually { peer.state.fetchingCount == 0 && peer.state.counters.active == 0 })
        fetcher.end(.here)
        #expect(await eventually { peer.traces.ends.filter { $0.status == .clientDisconnected }.count == 2 })
        await peer.stop()
    }
}
