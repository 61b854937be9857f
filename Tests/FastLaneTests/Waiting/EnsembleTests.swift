import FastLane
import Gossip
import Routing
import Synchronization
import Testing

/// `moe-` models: others are asked first, then the request goes on as one of its own.
@Suite struct EnsembleTests {
    private static let chat = #"{"model":"moe-tiny","messages":[{"role":"user","content":"hi"}]}"#
    private static let judge = #"{"model":"tiny","messages":[{"role":"user","content":"choose"}]}"#

    private func peer() async throws -> (TestPeer, ScriptedUpstream) {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("best") + Lines.last)
            connection.end()
        }
        return (try await TestPeer(alone: "h1", engine: engine), engine)
    }

    @Test func theLastQuestionIsTheRequestsOwn() async throws {
        let (peer, engine) = try await peer()
        let asked = Mutex<[Ensemble.Question]>([])
        peer.state.setEnsemble(
            Ensemble { question in
                asked.withLock { $0.append(question) }
                return .judge(Array(Self.judge.utf8))
            })
        let client = try peer.client()
        try client.send(post("/api/chat", Self.chat, "Authorization: Bearer abc\r\n"))
        let response = try await client.response()
        #expect(response.status == 200 && response.body.contains(text: "best") && response.body.contains(text: #""done":true"#))
        #expect(engine.requests.map(\.body) == [Self.judge])
        let question = try #require(asked.withLock { $0.first })
        #expect(question.model == "tiny" && question.target == "/api/chat" && question.body == Array(Self.chat.utf8))
        #expect(question.credentials.map { "\($0.0): \($0.1)" } == ["Authorization: Bearer abc"])
        #expect(await eventually { peer.traces.ends.first?.tries.map(\.verdict) == ["ensemble", "served"] })
        await peer.stop()
    }

    /// A name that is no model's even without the prefix, and a peer that asks nobody.
    @Test(arguments: [(#"{"model":"moe-none","messages":[]}"#, true), (Self.chat, false)])
    func othersAreUnknownModels(_ body: String, asks: Bool) async throws {
        let (peer, engine) = try await peer()
        if asks { peer.state.setEnsemble(Ensemble { _ in .failed(500, "nobody should ask") }) }
        let client = try peer.client()
        try client.send(post("/api/chat", body))
        #expect(try await client.response().status == 404)
        #expect(engine.requests.isEmpty)
        await peer.stop()
    }

    @Test func failuresAreToldInTheClientsDialect() async throws {
        let (peer, _) = try await peer()
        peer.state.setEnsemble(Ensemble { _ in .failed(502, "none of 3 opinions was given") })
        let client = try peer.client()
        try client.send(post("/api/chat", Self.chat))
        let response = try await client.response()
        #expect(response.status == 502 && response.body.contains(text: "none of 3 opinions was given"))
        await peer.stop()
    }

    /// A client that leaves ends the questions; the ninth that asks at once is told to come again.
    @Test func opinionsEndWithTheirClientsAndAreBounded() async throws {
        let (peer, engine) = try await peer()
        let ended = Mutex(0)
        peer.state.setEnsemble(
            Ensemble { _ in
                try? await Task.sleep(for: .seconds(600))
                ended.withLock { $0 += 1 }
                return .failed(500, "too late")
            })
        var clients: [RawClient] = []
        for number in 1...Ensemble.limit {
            let client = try peer.client()
            try client.send(post("/api/chat", Self.chat))
            clients.append(client)
            #expect(await eventually { peer.state.counters.active == number })
        }
        let late = try peer.client()
        try late.send(post("/api/chat", Self.chat))
        #expect(try await late.response().status == 503)
        for client in clients { client.close() }
        #expect(await eventually { ended.withLock { $0 } == Ensemble.limit })
        #expect(engine.requests.isEmpty)
        await peer.stop()
    }
}
