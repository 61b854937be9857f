import FastLane
import Gossip
import Routing
import Synchronization
import Testing

/// Pull, push and create through the relay: streams of progress, on one machine, without a slot.
@Suite struct ManagementTests {
    private static let progress = [
        #"{"status":"pulling manifest"}"# + "\n", #"{"status":"pulling 1","completed":1,"total":2}"# + "\n",
        #"{"status":"success"}"# + "\n",
    ]

    private func ollama() async throws -> ScriptedUpstream {
        try await ScriptedUpstream { request, connection in
            if request.body.contains(#""stream":false"#) { return connection.answer(#"{"status":"success"}"#) }
            connection.begin()
            for line in Self.progress { connection.chunk(line) }
            connection.end()
        }
    }

    @Test func aPullStreamsItsProgressAndTheModelsAreLookedAtAgain() async throws {
        let engine = try await ollama()
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1)
        let looked = Mutex<[String]>([])
        peer.state.setModelsChangeHandler { id in looked.withLock { $0.append(id) } }
        let client = try peer.client()
        try client.send(post("/api/pull", #"{"model":"new:7b","unknown":[1]}"#))
        let response = try await client.response()
        #expect(response.status == 200 && response.body == Self.progress.joined())
        #expect(response["x-fleet-node"] == "h1" && response["content-type"] == "application/x-ndjson")
        try client.send(post("/api/pull", #"{"name":"new:7b","stream":false}"#))
        #expect(try await client.response().body == #"{"status":"success"}"#)
        #expect(engine.requests.map(\.body) == [#"{"model":"new:7b","unknown":[1]}"#, #"{"name":"new:7b","stream":false}"#])
        #expect(await eventually { peer.traces.ends.map(\.status) == [.completed, .completed] })
        #expect(looked.withLock { $0 } == ["engine", "engine"] && peer.state.load.inFlight == 0)
        await peer.stop()
    }

    @Test func anotherMachineIsNamed() async throws {
        let engines = [try await ollama(), try await ollama()]
        let entry = try await TestPeer("h1")
        let targets = [try await TestPeer("h2", number: 2), try await TestPeer("h3", number: 3)]
        for (target, engine) in zip(targets, engines) {
            target.use(engine.port, slots: 1)
            target.see([target.member(slots: 1)])
        }
        TwoPeersTests.fleet(entry, targets)
        let client = try entry.client()
        for (node, engine) in zip(["h2", "h3", targets[1].id.hex], [engines[0], engines[1], engines[1]]) {
            let before = engine.requests.count
            try client.send(post("/api/pull", #"{"model":"new","node_id":"\#(node)"}"#))
            let response = try await client.response()
            #expect(response.status == 200 && response.body == Self.progress.joined())
            #expect(engine.requests.count == before + 1)
        }
        try client.send(post("/api/pull", #"{"model":"new","node_id":"h9"}"#))
        let unknown = try await client.response()
        #expect(unknown.status == 404 && unknown.body == #"{"error":"no machine is named 'h9'; the fleet has: h1, h2, h3"}"#)
        for peer in [entry] + targets { await peer.stop() }
    }

    /// All slots are taken: a pull needs none.
    @Test func aBusyMachinePullsAllTheSame() async throws {
        let engine = try await ScriptedUpstream { request, connection in
            if request.head.contains("/api/pull") { connection.answer(#"{"status":"success"}"#) } else { connection.begin() }
        }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1)
        let busy = try peer.client()
        try busy.send(post("/api/chat", Lines.chat))
        #expect(await eventually { peer.state.load.inFlight == 1 })
        let client = try peer.client()
        try client.send(post("/api/pull", #"{"model":"new","stream":false}"#))
        #expect(try await client.response().status == 200)
        busy.close()
        #expect(await eventually { peer.state.load.inFlight == 0 })
        await peer.stop()
    }

    @Test func theNextMachineIsTriedBeforeTheFirstByte() async throws {
        let broken = try await ScriptedUpstream { _, connection in connection.close() }
        let whole = try await ollama()
        let entry = try await TestPeer("h1")
        let targets = [try await TestPeer("h2", number: 2), try await TestPeer("h3", number: 3)]
        for (target, engine) in zip(targets, [broken, whole]) {
            target.use(engine.port)
            target.see([target.member()])
        }
        TwoPeersTests.fleet(entry, targets)
        let client = try entry.client()
        try client.send(post("/api/pull", #"{"model":"new"}"#))
        let response = try await client.response()
        #expect(response.status == 200 && response["x-fleet-node"] == "h3" && response["x-fleet-retries"] == "1")
        for peer in [entry] + targets { await peer.stop() }
    }

    @Test func whatCannotBeDoneIsSaid() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.answer(#"{"error":"pull model manifest: file does not exist"}"#, status: "500 Internal Server Error")
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        for (path, body, status, words) in [
            ("/api/push", #"{"model":"none"}"#, 404, "model 'none' not found"),
            ("/api/create", #"{"model":"mine","from":"none"}"#, 404, "model 'none' not found"),
            ("/api/pull", #"{"stream":true}"#, 400, "model is required"), ("/api/pull", "{", 400, "unexpected"),
            ("/api/pull", #"{"model":"none"}"#, 500, "file does not exist"),
        ] {
            try client.send(post(path, body))
            let response = try await client.response()
            #expect(response.status == status && response.body.contains(words), "\(path) \(body): \(response.body)")
        }
        peer.see([peer.member(kind: .vllm)], number: 2)
        try client.send(post("/api/pull", #"{"model":"new"}"#))
        let nobody = try await client.response()
        #expect(nobody.status == 503 && nobody.body.contains("h1: no_backend") && nobody["retry-after"] != nil)
        await peer.stop()
    }
}
