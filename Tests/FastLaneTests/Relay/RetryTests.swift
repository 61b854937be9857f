import FastLane
import Gossip
import Routing
import Synchronization
import Testing

/// What is tried again, what is not.
@Suite struct RetryTests {
    /// Two peers with an engine each; the entry has the first engine itself and prefers it.
    private func pair(_ first: ScriptedUpstream, _ second: ScriptedUpstream) async throws -> (TestPeer, TestPeer) {
        let entry = try await TestPeer("h1")
        entry.use(first.port)
        let other = try await TestPeer("h2", number: 2)
        other.use(second.port)
        other.see([other.member()])
        entry.see([entry.member(), other.member(hot: false)])
        return (entry, other)
    }

    @Test(arguments: [
        "HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 503 Full\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 502 Bad\r\n\r\n", "garbage\r\n\r\n", "", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    ])
    func failuresBeforeTheFirstBodyByte(_ answer: String) async throws {
        let bad = try await ScriptedUpstream { _, connection in
            connection.send(answer)
            if answer.contains(text: "502") || answer.isEmpty || answer.contains(text: "200") { connection.close() }
        }
        let good = try await ScriptedUpstream { _, connection in connection.answer("{\"good\":1}") }
        let (entry, other) = try await pair(bad, good)
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.plain))
        let response = try await client.response()
        #expect(response.status == 200 && response.body == "{\"good\":1}")
        #expect(response["x-fleet-node"] == "h2")
        #expect(response["x-fleet-retries"] == "1")
        #expect(await eventually { entry.traces.ends.first?.status == .completed })
        #expect(entry.traces.attempts.count == 1)
        #expect(entry.state.load.inFlight == 0)
        let figures = entry.state.counters
        #expect(figures.retried == 1 && figures.completed == 1 && figures.failed == 0)
        #expect(figures.models.first { $0.node == "h1" }?.failed == 1)
        #expect(figures.models.first { $0.node == "h2" }?.completed == 1)
        await entry.stop()
        await other.stop()
    }

    @Test(arguments: ["400 Bad Request", "404 Not Found", "429 Too Many Requests", "501 Not Implemented"])
    func theEnginesRefusalsPassThrough(_ status: String) async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{\"error\":\"as is\"}", status: status) }
        let spare = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let (entry, other) = try await pair(engine, spare)
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.plain))
        let response = try await client.response()
        #expect("\(response.status)" == status.split(separator: " ").first.map(String.init))
        #expect(response.body == "{\"error\":\"as is\"}")
        #expect(spare.requests.isEmpty)
        await entry.stop()
        await other.stop()
    }

    @Test func anEngineThatIsDownIsReportedAndSkipped() async throws {
        let down = try await ScriptedUpstream { _, _ in }
        let good = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let (entry, other) = try await pair(down, good)
        await down.stop()
        let trouble = Mutex<[String]>([])
        entry.state.setBackendTroubleHandler { id in trouble.withLock { $0.append(id) } }
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.plain))
        #expect(try await client.response()["x-fleet-node"] == "h2")
        #expect(trouble.withLock { $0 } == ["engine"])
        await entry.stop()
        await other.stop()
    }

    @Test func whenAllFailTheLastErrorIsTold() async throws {
        let down = try await ScriptedUpstream { _, _ in }
        let peer = try await TestPeer(alone: "h1", engine: down)
        await down.stop()
        let client = try peer.client()
        try client.send(post("/v1/chat/completions", #"{"model":"tiny"}"#))
        let response = try await client.response()
        #expect(response.status == 502)
        #expect(response.body.contains(text: "h1: connection refused"))
        #expect(response.body.contains(text: "\"type\":\"api_error\""))
        #expect(await eventually { peer.traces.ends.count == 1 && peer.traces.ends.first?.status == .failed })
        #expect(peer.state.load.inFlight == 0)
        await peer.stop()
    }

    /// A kept connection that the engine closed meanwhile: once more on a fresh one, not counted as a retry.
    @Test func theKeepAliveRaceIsInvisible() async throws {
        let engine = try await ScriptedUpstream { request, connection in
            if request.number == 2 { connection.close() } else { connection.answer("{\"n\":\(request.number)}") }
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.plain))
        #expect(try await client.response().body == "{\"n\":1}")
        try client.send(post("/api/chat", Lines.plain))
        let response = try await client.response()
        #expect(response.body == "{\"n\":3}")
        #expect(response["x-fleet-retries"] == "0")
        #expect(engine.connectionsEver == 2)
        await peer.stop()
    }

    @Test func aFullEngineIsBusyNotBroken() async throws {
        let full = try await ScriptedUpstream { request, connection in
            if request.number <= 2 {
                connection.answer(
                    #"{"error":"server busy, please try again.  maximum pending requests exceeded"}"#,
                    status: "503 Service Unavailable")
            } else {
                connection.answer("{\"late\":1}")
            }
        }
        let peer = try await TestPeer(alone: "h1", engine: full)
        let client = try peer.client()
        try client.send(post("/api/chat", Lines.plain))
        let response = try await client.response()
        #expect(response.status == 200 && response.body == "{\"late\":1}")
        #expect(response["x-fleet-retries"] == "0")
        #expect(full.requests.count == 3)
        await peer.stop()
    }

    @Test func nothingIsRetriedAfterTheFirstBodyByte() async throws {
        let bad = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            connection.close()
        }
        let good = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let (entry, other) = try await pair(bad, good)
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.chat))
        #expect(try await client.response().body.contains(text: "\"error\""))
        #expect(good.requests.isEmpty)
        await entry.stop()
        await other.stop()
    }

    /// Up to three machines, then it is over.
    @Test func atMostThreeTries() async throws {
        let engines = try await (0..<5).asyncMap { _ in
            try await ScriptedUpstream { _, connection in connection.answer("{\"error\":\"x\"}", status: "500 Oops") }
        }
        let entry = try await TestPeer("h0")
        var others: [TestPeer] = []
        for (number, engine) in engines.enumerated() {
            let peer = try await TestPeer("h\(number + 1)", number: UInt64(number + 2))
            peer.use(engine.port)
            peer.see([peer.member()])
            others.append(peer)
        }
        TwoPeersTests.fleet(entry, others)
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.plain))
        let response = try await client.response()
        #expect(response.status == 500 && response.body == "{\"error\":\"x\"}")
        #expect(engines.reduce(0) { $0 + $1.requests.count } == 3)
        #expect(await eventually { entry.traces.attempts.count == 3 && entry.traces.ends.count == 1 })
        for peer in others + [entry] { await peer.stop() }
    }
}

extension Sequence where Element: Sendable {
    func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var all: [Result] = []
        for element in self { all.append(try await transform(element)) }
        return all
    }
}
