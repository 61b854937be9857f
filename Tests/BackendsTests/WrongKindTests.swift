import Gossip
import HTTPStub
import Outbound
import Testing

@testable import Backends

/// Addresses that answer, but not as they should.
@Suite struct WrongKindTests {
    private func caller(_ engine: Engine) -> EngineCaller {
        EngineCaller(client: OutboundClient(), address: BackendAddress(host: "127.0.0.1", port: engine.stub.port))
    }

    private func problem(_ kind: BackendKind, _ engine: Engine) async -> BackendProblem? {
        var prober = makeProber(kind, engine: "x")
        do throws(BackendProblem) {
            _ = try await prober.probe(full: true, with: caller(engine))
            return nil
        } catch {
            return error
        }
    }

    @Test func everyEngineTakenForAnother() async throws {
        let engines: [(BackendKind, Engine)] = [
            (.ollama, try .ollama()), (.llamacpp, try .llama()), (.vllm, try .vllm()), (.lmstudio, try .lmStudio()),
        ]
        for (kind, engine) in engines {
            for wrong in [BackendKind.ollama, .llamacpp, .vllm, .lmstudio] where wrong != kind {
                let found = await problem(wrong, engine)
                #expect(found?.cause == .wrongKind, "\(kind) taken for \(wrong): \(found?.text ?? "accepted")")
                #expect(
                    found?.text.hasSuffix("Write \(kind.rawValue)=\(engine.stub.url) instead.") == true,
                    "\(wrong): \(found?.text ?? "")")
            }
            #expect(await problem(kind, engine) == nil)
        }
    }

    @Test func theWords() async throws {
        let engine = try Engine.llama()
        let url = engine.stub.url
        #expect(
            await problem(.ollama, engine)?.text
                == "\(url) answers, but not like Ollama: it looks like llama.cpp's server. Write llamacpp=\(url) instead.")
    }

    @Test func aWebServerIsNoEngine() async throws {
        let engine = try Engine([:], other: .text("<html>Hello</html>"))
        for kind in BackendKind.allCases {
            let found = await problem(kind, engine)
            #expect(found?.cause == .wrongKind)
            #expect(found?.text.hasPrefix("\(engine.stub.url) answers, but not like ") == true)
        }
    }

    @Test(arguments: [
        StubAnswer.hangUp, .raw("SSH-2.0-x\r\n"), .json("[]"), .json("{}"), .json(#"{"version":7}"#), .text("x", status: 500),
    ])
    func nonsenseIsAProblemOfEveryKind(_ answer: StubAnswer) async throws {
        let engine = try Engine([:], other: answer)
        for kind in BackendKind.allCases { #expect(await problem(kind, engine) != nil) }
    }

    @Test func ollamaThatRefusesThisMachine() async throws {
        let engine = try Engine([:], other: Golden.answer("ollama/host-foreign"))
        #expect(await problem(.ollama, engine)?.cause == .forbidden)
    }

    @Test func aPeerIsRefused() async throws {
        let engine = try Engine.ollama()
        engine.set("GET /herd/v1/mesh", .json(#"{"peer_id":"ab12","fleet_tag":"open","mesh_port":11445,"protocol":1}"#))
        await #expect(throws: BackendProblem.self) { try await PeerCheck.refusePeer(with: caller(engine)) }
        do throws(BackendProblem) {
            try await PeerCheck.refusePeer(with: caller(engine))
        } catch {
            #expect(error.cause == .peer)
            #expect(error.text.hasPrefix("\(engine.stub.url) is a herd-peer, not an engine"))
        }
        // No real engine is taken for one, not even one that answers 200 to everything.
        for engine in [try Engine.ollama(), try .llama(), try .vllm(), try .lmStudio(), try Engine([:], other: .text("<html>"))] {
            try await PeerCheck.refusePeer(with: caller(engine))
        }
    }
}
