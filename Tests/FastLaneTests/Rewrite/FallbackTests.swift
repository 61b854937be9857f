import FastLane
import Gossip
import Routing
import Testing

/// Other models on the wire: who allows them, what is said of them, what never reaches them.
@Suite struct FallbackTests {
    /// `asked` is on disk, `other` is in memory and can do what `can` says.
    private func peer(
        _ substitution: Substitution, can: [String] = ["completion"], asked: Int64 = 1 << 20
    ) async throws -> (TestPeer, ScriptedUpstream) {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer("h1") {
            $0.substitution = substitution
            $0.unavailableWait = .zero
        }
        peer.use(engine.port, models: ["asked:7b", "other:7b"])
        peer.see([
            peer.member(models: ["asked:7b", "other:7b"]) { member in
                member.models?.loaded.removeAll { $0.name == "asked:7b" }
                member.models?.available[0].sizeBytes = asked
                member.models?.available[1].capabilities = can
            }
        ])
        return (peer, engine)
    }

    private func ask(
        _ peer: TestPeer, _ rest: String = "", headers: String = "", path: String = "/api/chat"
    ) async throws -> RawClient.Response {
        let client = try peer.client()
        try client.send(post(path, #"{"model":"asked:7b"\#(rest)}"#, headers))
        return try await client.response()
    }

    struct Case: Sendable {
        var set: Substitution
        var rest = ""
        var headers = ""
        var served: String
    }

    @Test(arguments: [
        Case(set: .unservable, served: "asked:7b"), Case(set: .always, served: "other:7b"), Case(set: .never, served: "asked:7b"),
        Case(set: .unservable, rest: #","fallback":true"#, served: "other:7b"),
        Case(set: .always, rest: #","fallback":false"#, served: "asked:7b"),
        Case(set: .never, headers: "X-Fleet-No-Fallback: off\r\n", served: "other:7b"),
        Case(set: .always, rest: #","fallback":true"#, headers: "X-Fleet-No-Fallback: 1\r\n", served: "asked:7b"),
        Case(set: .always, headers: "X-Fleet-No-Fallback: perhaps\r\n", served: "other:7b"),
    ])
    func theClientsWordCountsBeforeTheFleets(_ one: Case) async throws {
        let (peer, engine) = try await peer(one.set)
        let response = try await ask(peer, one.rest, headers: one.headers)
        #expect(response["x-fleet-served-model"] == one.served)
        #expect(response["x-fleet-requested-model"] == "asked:7b")
        #expect(response["x-fleet-fallback"] == (one.served == "asked:7b" ? "false" : "true"))
        #expect(engine.requests.last?.body == #"{"model":"\#(one.served)"}"#)
        #expect(await eventually { peer.traces.ends.count == 1 })
        #expect(peer.traces.ends.first?.fallbackUsed == (one.served != "asked:7b"))
        #expect(peer.traces.ends.first?.model == one.served && peer.traces.ends.first?.originalModel == "asked:7b")
        await peer.stop()
    }

    /// Written once for the fleet, it holds for the requests that come from then on.
    @Test func theFleetsSettingChangesWhileItRuns() async throws {
        let (peer, _) = try await peer(.never)
        #expect(try await ask(peer)["x-fleet-served-model"] == "asked:7b")
        var limits = peer.state.limits
        limits.substitution = .always
        peer.state.apply(limits)
        #expect(try await ask(peer)["x-fleet-served-model"] == "other:7b")
        await peer.stop()
    }

    private static let image = #","messages":[{"role":"user","content":"a","images":["QUJD"]}]"#
    private static let tools = #","tools":[{"type":"function"}]"#

    /// D9: whatever the setting, nothing reaches a model that is not known to be able; then the answer is honest.
    @Test(arguments: [
        ("/api/chat", Self.image, ["completion"], 503), ("/api/chat", Self.image, ["completion", "vision"], 200),
        ("/api/chat", Self.tools, ["completion"], 503), ("/api/chat", Self.tools, ["completion", "tools"], 200),
        ("/api/chat", "", ["embedding"], 503), ("/api/chat", "", [], 503), ("/api/chat", "", ["completion"], 200),
        ("/api/embed", #","input":"a""#, ["completion", "embedding"], 503),
        ("/v1/embeddings", #","input":"a""#, ["embedding"], 503),
        ("/api/chat", #","think":true"#, ["completion"], 503),
        ("/api/chat", #","think":"high""#, ["completion", "thinking"], 200),
        ("/api/generate", #","prompt":"a","suffix":"b""#, ["completion"], 503),
        (
            "/v1/chat/completions", #","messages":[{"content":[{"type":"image_url","image_url":{"url":"data:"}}]}]"#,
            ["completion"], 503
        ),
    ])
    func d9CapabilitiesAreNeverCrossed(_ path: String, _ rest: String, _ can: [String], _ status: Int) async throws {
        for substitution in [Substitution.unservable, .always] {
            let (peer, engine) = try await peer(substitution, can: can, asked: 1 << 40)
            let response = try await ask(peer, rest, path: path)
            #expect(response.status == status, "\(response.body)")
            #expect(engine.requests.count == (status == 200 ? 1 : 0))
            if status == 200 { #expect(response["x-fleet-served-model"] == "other:7b") }
            await peer.stop()
        }
    }

    /// D9: images that a client sends to a model that cannot see are refused as Ollama does, not answered by somebody else.
    @Test func d9ImagesForABlindModelAreTheClientsMistake() async throws {
        let (peer, engine) = try await peer(.always, can: ["completion", "vision"])
        peer.see(
            [
                peer.member(models: ["asked:7b", "other:7b"]) { member in
                    member.models?.loaded.removeAll { $0.name == "asked:7b" }
                    member.models?.available[0].capabilities = ["completion"]
                    member.models?.available[1].capabilities = ["completion", "vision"]
                }
            ], number: 2)
        let response = try await ask(peer, Self.image)
        #expect(response.status == 400 && response.body.contains(text: "does not support images"))
        #expect(engine.requests.isEmpty)
        await peer.stop()
    }

    /// D23: the model with the larger context is asked for on the machine that has it, and nowhere else.
    @Test func d23TheLargerModelIsAskedWhereItIs() async throws {
        let small = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let large = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let entry = try await TestPeer("h1") { $0.substitution = .always }
        entry.use(small.port, models: ["asked:7b"])
        let target = try await TestPeer("h2", number: 2)
        target.use(large.port, models: ["large:30b"])
        let there = target.member(models: ["large:30b"]) { member in
            member.models?.available[0].sizeBytes = 1 << 30
            member.models?.available[0].capabilities = ["completion"]
            member.models?.loaded[0].contextLength = 32_768
        }
        target.see([there])
        entry.see([entry.member(models: ["asked:7b"]), there])
        let response = try await ask(entry, #","options":{"num_ctx":16384}"#)
        #expect(response["x-fleet-node"] == "h2" && response["x-fleet-served-model"] == "large:30b")
        #expect(response["x-fleet-fallback"] == "true")
        #expect(large.requests.last?.body == #"{"model":"large:30b","options":{"num_ctx":32768}}"#)
        #expect(small.requests.isEmpty)
        await entry.stop()
        await target.stop()
    }

    /// D24: a name with and without its tag is one name.
    @Test func d24ABareNameIsNoFallback() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer(alone: "h1", engine: engine)
        let client = try peer.client()
        for name in ["tiny", "Tiny", "tiny:latest"] {
            try client.send(post("/v1/chat/completions", #"{"model":"\#(name)"}"#))
            let response = try await client.response()
            #expect(response["x-fleet-fallback"] == "false" && response["x-fleet-served-model"] == name)
        }
        await peer.stop()
    }

    /// A name of somebody's own: the model that answers is named in the body and in the answer's head.
    @Test func aliasesAreAskedForByTheirModels() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let peer = try await TestPeer("h1") {
            $0.aliases = ModelAliases([
                .init(name: "mine", models: ["missing:7b", "other:7b"]), .init(name: "none", models: ["missing:7b"]),
            ])
            $0.unavailableWait = .zero
        }
        peer.use(engine.port, models: ["other:7b"])
        peer.see([peer.member(models: ["other:7b"])])
        let client = try peer.client()
        // Nobody's "no" to fallbacks is meant for a name that the owner made.
        try client.send(post("/api/chat", #"{"model":"Mine:latest","fallback":false}"#))
        let response = try await client.response()
        #expect(response.status == 200)
        #expect(response["x-fleet-served-model"] == "other:7b" && response["x-fleet-requested-model"] == "Mine:latest")
        #expect(engine.requests.last?.body == #"{"model":"other:7b"}"#)
        try client.send(post("/api/chat", #"{"model":"none"}"#))
        #expect(try await client.response().status == 404)
        await peer.stop()
    }
}
