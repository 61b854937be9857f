import Gossip
import HTTPStub
import Testing

/// ollama-herd's own media routes (herd-compat §1.6), on engines that have OpenAI's.
@Suite struct HerdMediaTests {
    private func peer(_ engine: HTTPStub, models: [String], kind: BackendKind = .openai) async throws -> FacePeer {
        let peer = try await FacePeer("desk", number: 1)
        try peer.use(engine.port, kind: kind, models: models)
        peer.see([peer.member(kind: kind, models: models, capabilities: ["flux": ["image"]])])
        return peer
    }

    private func stub() throws -> HTTPStub {
        try HTTPStub { request in
            switch request.path {
            case "/v1/images/generations":
                request.body.contains("broken")
                    ? .json(#"{"data":[{"b64_json":"*"}]}"#)
                    : request.body.contains("refuse")
                        ? .json(#"{"error":{"message":"not that"}}"#, status: 400)
                        : .json(#"{"data":[{"b64_json":"iVBORw0KGgo="}]}"#)
            default: .json(#"{"text":"said"}"#)
            }
        }
    }

    @Test func aPictureIsAskedForInOpenAIsWordsAndComesAsItself() async throws {
        let engine = try stub()
        let peer = try await peer(engine, models: ["flux"])
        let body = #"{"model":"flux","prompt":"a cat","width":64,"height":32,"seed":7}"#
        let answer = try await peer.ask("POST", "/api/generate-image", json: body)
        #expect(answer.status == 200 && answer["content-type"] == "image/png" && answer["content-length"] == "8")
        #expect(answer["x-fleet-node"] == "desk" && answer["x-generation-time"] != nil)
        let sent = #"{"model":"flux","prompt":"a cat","size":"64x32","response_format":"b64_json","n":1,"seed":7}"#
        #expect(engine.log.last?.body == sent)
        for (prompt, status) in [("broken", 502), ("refuse", 400)] {
            let failed = try await peer.ask("POST", "/api/generate-image", json: #"{"model":"flux","prompt":"\#(prompt)"}"#)
            #expect(failed.status == status && failed.text.hasPrefix(#"{"error":""#), "\(failed.text)")
        }
        for wrong in [#"{"model":"flux"}"#, #"{"model":"flux","prompt":"x","width":-1}"#, #"{"prompt":"x"}"#] {
            #expect(try await peer.ask("POST", "/api/generate-image", json: wrong).status == 400)
        }
        let models = try await peer.ask("GET", "/api/image-models")
        #expect(
            models.text == #"{"models":[{"backend":"openai","fleet_nodes":["desk"],"name":"flux","type":"image"}]}"#)
        await peer.stop()
    }

    @Test func defectD17AnUnknownImageModelIsNotFound() async throws {
        let engine = try stub()
        let peer = try await peer(engine, models: ["llama:latest"], kind: .ollama)
        let answer = try await peer.ask("POST", "/api/generate-image", json: #"{"model":"nope","prompt":"x"}"#)
        #expect(answer.status == 404 && answer.text == #"{"error":"model 'nope' not found"}"#)
        await peer.stop()
    }

    @Test(arguments: ["audio", "file"]) func defectD18TheSoundMayHaveEitherName(field: String) async throws {
        let engine = try stub()
        let peer = try await peer(engine, models: ["whisper-1"])
        let head = "Content-Disposition: form-data; name=\"\(field)\"; filename=\"a.wav\"\r\n\r\n"
        let type = [("Content-Type", "multipart/form-data; boundary=b")]
        let answer = try await peer.ask(
            "POST", "/api/transcribe", headers: type, body: Array("--b\r\n\(head)sound\r\n--b--\r\n".utf8))
        #expect(answer.status == 200 && answer.text == #"{"text":"said"}"#)
        let model = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n"
        let named = head.replacing("name=\"\(field)\"", with: "name=\"file\"")
        #expect(engine.log.last?.body == model + "--b\r\n\(named)sound\r\n--b--\r\n")
        #expect(engine.log.last?.path == "/v1/audio/transcriptions")
        await peer.stop()
    }

    @Test func withoutAnEngineTheAnswerIsClear() async throws {
        let engine = try stub()
        let peer = try await peer(engine, models: ["llama:latest"], kind: .ollama)
        let type = [("Content-Type", "multipart/form-data; boundary=b")]
        let form = Array("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--\r\n".utf8)
        let unheard = try await peer.ask("POST", "/api/transcribe", headers: type, body: form)
        #expect(unheard.status == 404 && unheard.text.contains("no machine of the fleet has a model that transcribes"))
        let unseen = try await peer.ask("POST", "/api/embed-image", json: #"{"images":["AA=="]}"#)
        #expect(unseen.status == 404 && unseen.text.hasPrefix(#"{"error":"model 'clip"#))
        let blind = try await peer.ask("POST", "/api/embed-image", json: #"{"model":"llama","images":["AA=="]}"#)
        #expect(blind.status == 501 && blind.text.contains("embeddings of images"))
        #expect(engine.log.isEmpty)
        await peer.stop()
    }
}
