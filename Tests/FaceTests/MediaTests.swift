import DemoEngine
import Gossip
import HTTPStub
import Testing

/// Sound, pictures and rankings: which engine serves them, with what bytes, and what is said where none does.
@Suite struct MediaTests {
    /// A peer without an engine, and one with the given engine.
    private struct Fleet {
        let near: FacePeer
        let far: FacePeer

        init(
            _ port: Int, kind: BackendKind, models: [String], capabilities: [String: [String]] = [:], version: String = "0.33.0"
        ) async throws {
            near = try await FacePeer("near", number: 1)
            far = try await FacePeer("far", number: 2)
            try far.use(port, kind: kind, models: models, version: version)
            let member = far.member(kind: kind, models: models, capabilities: capabilities, version: version)
            far.see([member])
            near.see([near.member(kind: nil), member])
        }

        func stop() async {
            await near.stop()
            await far.stop()
        }
    }

    private static let boundary = "xYz-1"
    private static let formType = ("Content-Type", "multipart/form-data; boundary=\"\(boundary)\"")

    /// A form with these fields, in this order; one named `file` or `audio` is a file.
    private static func form(_ fields: [(String, String)]) -> [UInt8] {
        let parts = fields.map { name, value in
            let isFile = name == "file" || name == "audio"
            let file = isFile ? "; filename=\"model.wav\"\r\nContent-Type: audio/wav" : ""
            return "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\(file)\r\n\r\n\(value)\r\n"
        }
        return Array((parts.joined() + "--\(boundary)--\r\n").utf8)
    }

    private func stub() throws -> HTTPStub {
        try HTTPStub { request in
            switch request.path {
            case "/v1/images/generations": .json(#"{"created":1,"data":[{"b64_json":"iVBORw0KGgo="}]}"#)
            case "/v1/audio/speech": .reply(status: 200, headers: ["Content-Type": "audio/mpeg"], body: "ID3-sound")
            case "/v1/audio/transcriptions": .json(#"{"text":"said"}"#)
            default: .json(#"{"results":[]}"#)
            }
        }
    }

    // MARK: Speech to text

    @Test(arguments: [true, false]) func aFormGoesToAnEngineWithItsModel(modelFirst: Bool) async throws {
        let engine = try stub()
        let fleet = try await Fleet(engine.port, kind: .vllm, models: ["Org/Whisper"])
        let file = ("file", "RIFF\r\n--not the boundary\r\n\u{0}\u{1}")
        let fields = modelFirst ? [("model", "org/whisper"), file, ("language", "de")] : [file, ("model", "org/whisper")]
        let answer = try await fleet.near.ask(
            "POST", "/v1/audio/transcriptions", headers: [Self.formType], body: Self.form(fields))
        #expect(answer.status == 200 && answer.text == #"{"text":"said"}"#)
        #expect(answer["x-fleet-node"] == "far" && answer["x-transcription-time"] != nil && answer["x-should-retry"] == nil)
        let seen = try #require(engine.log.last)
        // Only the model's name is written as the engine writes it.
        let renamed = fields.map { ($0.0, $0.0 == "model" ? "Org/Whisper" : $0.1) }
        #expect(Array(seen.body.utf8) == Self.form(renamed) && seen.headers["content-type"] == Self.formType.1)
        await fleet.stop()
    }

    @Test func whatIsNoFormIsRefusedInOllamasWords() async throws {
        let engine = try stub()
        let fleet = try await Fleet(engine.port, kind: .vllm, models: ["w"])
        let json = try await fleet.near.ask("POST", "/v1/audio/transcriptions", json: #"{"model":"w"}"#)
        let words = "failed to parse multipart form: request Content-Type isn't multipart/form-data"
        #expect(json.status == 400 && json["content-type"] == "application/json; charset=utf-8")
        #expect(
            json.text == #"{"error":{"message":"\#(words)","type":"invalid_request_error","param":null,"code":null}}"#)
        let headers = [Self.formType]
        for body in [[], Array("--xYz-1\r\nbroken".utf8), Array("nothing".utf8), Self.form([("file", "x")])] {
            let answer = try await fleet.near.ask("POST", "/v1/audio/translations", headers: headers, body: body)
            #expect(answer.status == 400 && answer.text.contains("invalid_request_error"), "\(answer.text)")
        }
        let bare = [("Content-Type", "multipart/form-data")]
        let unbound = try await fleet.near.ask("POST", "/v1/audio/transcriptions", headers: bare, body: [1])
        #expect(unbound.status == 400 && unbound.text.contains("no multipart boundary"))
        #expect(engine.log.isEmpty)
        await fleet.stop()
    }

    /// By what the engine is, and by what its model can do; nothing comes to an engine that cannot.
    @Test func soundComesToModelsThatHear() async throws {
        let engine = try await DemoEngine.start(
            configuration: {
                var configuration = DemoEngineConfiguration()
                configuration.models = [
                    DemoModel(name: "hears", capabilities: ["completion", "audio"]),
                    DemoModel(name: "deaf", capabilities: ["completion"]),
                ]
                return configuration
            }())
        let abilities = ["hears:latest": ["completion", "audio"], "deaf:latest": ["completion"]]
        let names = ["hears:latest", "deaf:latest"]
        let fleet = try await Fleet(engine.port, kind: .ollama, models: names, capabilities: abilities)
        func ask(_ fleet: Fleet, _ model: String) async throws -> FaceAnswer {
            let body = Self.form([("model", model), ("file", "x")])
            return try await fleet.near.ask("POST", "/v1/audio/transcriptions", headers: [Self.formType], body: body)
        }
        let heard = try await ask(fleet, "hears")
        #expect(heard.status == 200 && heard.text.contains("Hello from the tiny"))
        let deaf = try await ask(fleet, "deaf")
        #expect(deaf.status == 400 && deaf.text.contains(#"\"deaf\" does not support transcription"#))
        #expect(try await ask(fleet, "nobody").status == 404)
        let sound = #"{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}"#
        let chat = #"{"model":"MODEL","messages":[{"role":"user","content":[\#(sound)]}]}"#
        let refused = try await fleet.near.ask(
            "POST", "/v1/chat/completions", json: chat.replacing("MODEL", with: "deaf"))
        #expect(refused.status == 400 && refused.text.contains("does not support audio"))
        #expect(
            try await fleet.near.ask("POST", "/v1/chat/completions", json: chat.replacing("MODEL", with: "hears")).status == 200)
        #expect(engine.log.entries.allSatisfy { !$0.body.contains("deaf") })
        await fleet.stop()

        let old = try await Fleet(engine.port, kind: .ollama, models: names, capabilities: abilities, version: "0.19.9")
        let missing = try await ask(old, "hears")
        #expect(missing["x-should-retry"] == "false")
        #expect(missing.status == 501 && missing.text.contains("has a route for transcription"))
        await old.stop()
        await engine.stop()
    }

    // MARK: Pictures

    @Test(arguments: [
        (BackendKind.openai, "", [String](), 200), (.ollama, "0.20.1", ["image"], 200), (.ollama, "0.33.0", ["image"], 501),
        (.ollama, "0.14.9", ["image"], 501), (.ollama, "0.20.1", ["completion"], 400), (.llamacpp, "", [], 501),
        (.lmstudio, "", [], 501),
    ])
    func picturesComeFromEnginesThatMakeThem(
        kind: BackendKind, version: String, capabilities: [String], status: Int
    ) async throws {
        let engine = try stub()
        let fleet = try await Fleet(
            engine.port, kind: kind, models: ["x/flux:latest"], capabilities: ["x/flux:latest": capabilities], version: version)
        let body = #"{"model":"x/flux:latest","prompt":"a cat","size":"64x64","unknown":1}"#
        let answer = try await fleet.near.ask("POST", "/v1/images/generations", json: body)
        #expect(answer.status == status, "\(answer.text)")
        if status == 200 {
            #expect(answer.text.contains("b64_json") && answer["x-generation-time"] != nil && engine.log.last?.body == body)
        } else {
            #expect(answer.text.contains("image generation") && engine.log.isEmpty)
        }
        let form = Self.form([("model", "x/flux:latest"), ("prompt", "hat"), ("image", "PNG")])
        let edited = try await fleet.near.ask("POST", "/v1/images/edits", headers: [Self.formType], body: form)
        #expect(edited.status == status)
        let json = #"{"model":"x/flux:latest","prompt":"hat","images":["AA=="]}"#
        #expect(try await fleet.near.ask("POST", "/v1/images/edits", json: json).status == status)
        await fleet.stop()
    }

    @Test func speechIsPassedOnAsItComes() async throws {
        let engine = try stub()
        let fleet = try await Fleet(engine.port, kind: .openai, models: ["tts"])
        let body = #"{"model":"tts","input":"hi","voice":"alloy"}"#
        let answer = try await fleet.near.ask("POST", "/v1/audio/speech", json: body)
        #expect(answer.status == 200 && answer["content-type"] == "audio/mpeg" && answer.text == "ID3-sound")
        await fleet.stop()
        let other = try await Fleet(engine.port, kind: .vllm, models: ["tts"])
        #expect(try await other.near.ask("POST", "/v1/audio/speech", json: body).status == 501)
        await other.stop()
    }

    // MARK: Rankings

    @Test func documentsAreRankedWhereItCanBeDone() async throws {
        let engine = try stub()
        let fleet = try await Fleet(engine.port, kind: .llamacpp, models: ["bge-reranker"])
        for path in ["/v1/rerank", "/rerank", "/v2/rerank"] {
            let body = #"{"model":"bge-reranker","query":"q","documents":["a","b"],"top_n":1}"#
            let answer = try await fleet.near.ask("POST", path, json: body)
            #expect(answer.status == 200 && answer.text == #"{"results":[]}"#)
            #expect(engine.log.last?.body == body && engine.log.last?.path == (path == "/v2/rerank" ? "/v1/rerank" : path))
        }
        // ollama-herd's clients need not name the model.
        #expect(try await fleet.near.ask("POST", "/v1/rerank", json: #"{"query":"q","documents":["a"]}"#).status == 200)
        #expect(engine.log.last?.body == #"{"model":"bge-reranker","query":"q","documents":["a"]}"#)
        await fleet.stop()
        let ollama = try await Fleet(engine.port, kind: .ollama, models: ["bge-reranker:latest"])
        let refused = try await ollama.near.ask(
            "POST", "/rerank", json: #"{"model":"bge-reranker","query":"q","documents":["a"]}"#)
        #expect(refused.status == 501 && refused.text.contains(#""type":"api_error""#))
        let unnamed = try await ollama.near.ask("POST", "/rerank", json: #"{"query":"q","documents":["a"]}"#)
        #expect(unnamed.status == 400)
        await ollama.stop()
    }

    @Test func aDecisionIsOfAModelThatSaysSo() async throws {
        let engine = try stub()
        let abilities = ["judge:latest": ["decision"], "talker:latest": ["completion"]]
        let fleet = try await Fleet(
            engine.port, kind: .ollama, models: abilities.keys.sorted(), capabilities: abilities, version: "0.35.0")
        #expect(try await fleet.near.ask("POST", "/v1/systemone", json: #"{"model":"judge","input":"x"}"#).status == 200)
        #expect(try await fleet.near.ask("POST", "/v1/systemone", json: #"{"model":"talker","input":"x"}"#).status == 400)
        let long = String(repeating: "x", count: 70_000)
        #expect(try await fleet.near.ask("POST", "/v1/systemone", json: #"{"model":"judge","input":"\#(long)"}"#).status == 413)
        #expect(engine.log.count == 1)
        await fleet.stop()
    }
}
