import FastLane
import Gossip
import Routing
import Testing

/// `num_ctx` on its way to an engine that has 4096 in memory; the engine sees the very bytes.
@Suite struct ContextProtectionTests {
    private static let answer = #"{"done":true,"eval_count":1}"#

    private func peer(_ configure: (inout LaneConfiguration) -> Void = { _ in }) async throws -> (TestPeer, ScriptedUpstream) {
        let engine = try await ScriptedUpstream { _, connection in connection.answer(Self.answer) }
        return (try await TestPeer(alone: "h1", engine: engine, configure: configure), engine)
    }

    private func ask(_ peer: TestPeer, _ body: String, _ path: String = "/api/chat") async throws -> RawClient.Response {
        let client = try peer.client()
        try client.send(post(path, body))
        return try await client.response()
    }

    struct Case: Sendable {
        var path = "/api/chat"
        var body: String
        var sent: String?
        var rewrites: String?
        var reload: String?
    }

    @Test(arguments: [
        Case(
            body: #"{"model":"tiny","options":{"num_ctx":2048},"stream":false}"#,
            sent: #"{"model":"tiny","options":{"num_ctx":4096},"stream":false}"#, rewrites: "num_ctx=2048>4096"),
        Case(
            path: "/api/generate", body: #"{"options":{"num_ctx":1,"seed":2},"model":"tiny","prompt":"p"}"#,
            sent: #"{"options":{"num_ctx":4096,"seed":2},"model":"tiny","prompt":"p"}"#, rewrites: "num_ctx=1>4096"),
        Case(
            path: "/api/embed", body: #"{"model":"tiny","input":"p","options":{"num_ctx":512}}"#,
            sent: #"{"model":"tiny","input":"p","options":{"num_ctx":4096}}"#, rewrites: "num_ctx=512>4096"),
        Case(
            path: "/api/embeddings", body: #"{"model":"tiny","prompt":"p","options":{"num_ctx":512}}"#,
            sent: #"{"model":"tiny","prompt":"p","options":{"num_ctx":4096}}"#, rewrites: "num_ctx=512>4096"),
        // Odd spellings of the same.
        Case(
            body: "{\n\"opti\\u006fns\" :\t{ \"num\\u005fctx\" : 2048 } , \"é\":\"\\\"num_ctx\\\":1\",\"model\":\"tiny\" }",
            sent: "{\n\"opti\\u006fns\" :\t{ \"num\\u005fctx\" : 4096 } , \"é\":\"\\\"num_ctx\\\":1\",\"model\":\"tiny\" }",
            rewrites: "num_ctx=2048>4096"),
        Case(
            body:
                #"{"model":"tiny","options":{"num_ctx":9,"num_ctx":2048},"messages":[{"content":"a","options":{"num_ctx":3}}]}"#,
            sent:
                #"{"model":"tiny","options":{"num_ctx":9,"num_ctx":4096},"messages":[{"content":"a","options":{"num_ctx":3}}]}"#,
            rewrites: "num_ctx=2048>4096"),
        Case(body: #"{"model":"tiny","options":{"num_ctx":4096}}"#),
        Case(body: #"{"model":"tiny"}"#),
        Case(body: #"{"model":"tiny","options":{"num_ctx":-5}}"#),
        Case(body: #"{"model":"tiny","options":{"num_ctx":"2048"}}"#),
        Case(body: #"{"model":"tiny","options":{"num_ctx":2048.5}}"#),
        Case(body: #"{"model":"tiny","options":[{"num_ctx":2048}]}"#),
        Case(body: #"{"model":"tiny","num_ctx":2048}"#),
        // Ollama drops `options` on its OpenAI face: nothing is done about them.
        Case(path: "/v1/chat/completions", body: #"{"model":"tiny","options":{"num_ctx":2048}}"#),
        // More than is in memory: the client gets it, and is told what it costs.
        Case(body: #"{"model":"tiny","options":{"num_ctx":8192}}"#, reload: "num_ctx=8192; context_length=4096"),
    ])
    func strip(_ one: Case) async throws {
        let (peer, engine) = try await peer()
        let response = try await ask(peer, one.body, one.path)
        #expect(response.status == 200)
        #expect(engine.requests.last?.body == one.sent ?? one.body)
        #expect(response["x-fleet-rewrites"] == one.rewrites)
        #expect(response["x-fleet-context-reload"] == one.reload)
        #expect(response["x-herd-rewrites"] == nil)
        #expect(await eventually { peer.traces.ends.count == 1 })
        #expect(peer.traces.ends.first?.rewrites.contains(text: one.rewrites ?? "") == (one.rewrites != nil))
        await peer.stop()
    }

    @Test(arguments: [ContextMode.warn, .passthrough])
    func otherModesChangeNothing(_ mode: ContextMode) async throws {
        let (peer, engine) = try await peer { $0.rewrites.context = mode }
        for number in [2048, 8192] {
            let body = #"{"model":"tiny","options":{"num_ctx":\#(number)}}"#
            let response = try await ask(peer, body)
            #expect(engine.requests.last?.body == body)
            #expect(response["x-fleet-rewrites"] == nil)
            #expect((response["x-fleet-context-reload"] != nil) == (mode == .warn))
        }
        await peer.stop()
    }

    /// What requests needed goes into those that name nothing, where that is switched on; the client and the trace see it, and
    /// once it was answered, it counts as in memory.
    @Test func learntContextsGoIntoRequestsThatNameNone() async throws {
        let (peer, engine) = try await peer()
        peer.state.learn([LearnedContexts.Usage(model: "tiny:latest", tokens: 16_384, requests: 50)])
        _ = try await ask(peer, #"{"model":"tiny"}"#)
        #expect(engine.requests.last?.body == #"{"model":"tiny"}"#, "it is switched off")
        var limits = peer.state.limits
        limits.learnsContexts = true
        peer.state.apply(limits)
        let response = try await ask(peer, #"{"model":"tiny","options":{"seed":1}}"#)
        #expect(engine.requests.last?.body == #"{"model":"tiny","options":{"num_ctx":16384,"seed":1}}"#)
        #expect(response["x-fleet-rewrites"] == "num_ctx=>16384")
        #expect(await eventually { peer.traces.ends.last?.rewrites == "num_ctx=>16384" })
        _ = try await ask(peer, #"{"model":"tiny","options":{"num_ctx":32768}}"#)
        #expect(engine.requests.last?.body == #"{"model":"tiny","options":{"num_ctx":32768}}"#, "the client's own number stays")
        _ = try await ask(peer, #"{"model":"tiny"}"#)
        #expect(engine.requests.last?.body == #"{"options":{"num_ctx":32768},"model":"tiny"}"#, "and is in memory then")
        await peer.stop()
    }

    /// After a request with a larger context was answered, those with less or without get that one: else each of them, and each
    /// of its own, would load the model anew.
    @Test func clientsWithDifferentContextsDoNotAlternate() async throws {
        let (peer, engine) = try await peer()
        _ = try await ask(peer, #"{"model":"tiny"}"#)
        #expect(engine.requests.last?.body == #"{"model":"tiny"}"#)
        _ = try await ask(peer, #"{"model":"tiny","options":{"num_ctx":8192}}"#)
        for (body, sent) in [
            (#"{"model":"tiny"}"#, #"{"options":{"num_ctx":8192},"model":"tiny"}"#),
            (#"{ "model":"tiny","options":{ } }"#, #"{ "model":"tiny","options":{"num_ctx":8192 } }"#),
            (#"{"model":"tiny","options":{"seed":1}}"#, #"{"model":"tiny","options":{"num_ctx":8192,"seed":1}}"#),
            (#"{"model":"tiny","options":null}"#, #"{"model":"tiny","options":{"num_ctx":8192}}"#),
            (#"{"fallback":true,"model":"tiny"}"#, #"{"options":{"num_ctx":8192},"model":"tiny"}"#),
            (#"{"model":"tiny","options":{"num_ctx":2048}}"#, #"{"model":"tiny","options":{"num_ctx":8192}}"#),
            (#"{"model":"tiny","options":{"num_ctx":8192}}"#, #"{"model":"tiny","options":{"num_ctx":8192}}"#),
            (#"{"model":"tiny","options":7}"#, #"{"model":"tiny","options":7}"#),
        ] {
            let response = try await ask(peer, body)
            #expect(engine.requests.last?.body == sent)
            #expect((response["x-fleet-rewrites"] != nil) == (sent != body))
        }
        await peer.stop()
    }

    /// A number with which loading fails must not go into the requests of others.
    @Test func aContextThatFailsDoesNotSpread() async throws {
        let engine = try await ScriptedUpstream { request, connection in
            connection.answer("{}", status: request.number == 1 ? "400 Bad Request" : "200 OK")
        }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        #expect(try await ask(peer, #"{"model":"tiny","options":{"num_ctx":999999}}"#).status == 400)
        #expect(try await ask(peer, #"{"model":"tiny"}"#).status == 200)
        #expect(engine.requests.last?.body == #"{"model":"tiny"}"#)
        await peer.stop()
    }

    @Test func configuredContextsGoIntoRequestsWithoutOne() async throws {
        let (peer, engine) = try await peer { $0.rewrites.contexts = [.init(model: "tiny:latest", tokens: 6000)] }
        let response = try await ask(peer, #"{"model":"TINY","messages":[]}"#)
        #expect(engine.requests.last?.body == #"{"options":{"num_ctx":6000},"model":"TINY","messages":[]}"#)
        #expect(response["x-fleet-rewrites"] == "num_ctx=>6000")
        await peer.stop()
    }

    @Test func whatTheEngineDoesNotHaveInMemoryIsLeft() async throws {
        let (peer, engine) = try await peer()
        let body = #"{"model":"tiny","options":{"num_ctx":2048}}"#
        peer.see([peer.member(hot: false)], number: 2)
        _ = try await ask(peer, body)
        #expect(engine.requests.last?.body == body)
        // Old weights under the same name.
        peer.see(
            [
                peer.member {
                    $0.models?.available[0].digest = "new"
                    $0.models?.loaded[0].digest = "old"
                }
            ], number: 3)
        _ = try await ask(peer, body)
        #expect(engine.requests.last?.body == body)
        await peer.stop()
    }

    @Test func aPromptThatDoesNotFitIsSaid() async throws {
        let (peer, _) = try await peer()
        let prompt = String(repeating: "word ", count: 5_000)
        let response = try await ask(peer, #"{"model":"tiny","prompt":"\#(prompt)"}"#, "/api/generate")
        #expect(response["x-fleet-context-overflow"] == "estimated_tokens=6250; context_length=4096")
        #expect(try await ask(peer, #"{"model":"tiny","prompt":"short"}"#, "/api/generate")["x-fleet-context-overflow"] == nil)
        await peer.stop()
    }

    /// The machine of the engine rewrites; the client learns it from the peer that it talks to, and so does that peer's trace.
    @Test func itIsSaidOverTheHop() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer(Self.answer) }
        let entry = try await TestPeer("h1")
        let target = try await TestPeer("h2", number: 2)
        target.use(engine.port)
        target.see([target.member()])
        TwoPeersTests.fleet(entry, [target])
        let response = try await ask(
            entry, #"{"model":"tiny","options":{"num_ctx":2048},"fallback_models":["b"],"stream":false}"#)
        #expect(engine.requests.last?.body == #"{"model":"tiny","options":{"num_ctx":4096},"stream":false}"#)
        #expect(response["x-fleet-node"] == "h2")
        #expect(response["x-fleet-rewrites"] == "num_ctx=2048>4096, fleet_fields=1>0")
        #expect(response["x-herd-rewrites"] == nil)
        #expect(await eventually { entry.traces.ends.count == 1 && target.traces.executions.count == 1 })
        #expect(entry.traces.ends.first?.rewrites == "num_ctx=2048>4096, fleet_fields=1>0")
        #expect(target.traces.executions.first?.rewrites == "num_ctx=2048>4096, fleet_fields=1>0")
        await entry.stop()
        await target.stop()
    }
}
