import Backends
import Gossip
import HTTPStub
import Outbound
import Testing

@Suite struct FinderAndDoctorTests {
    private func address(_ engine: Engine) -> BackendAddress { BackendAddress(host: "127.0.0.1", port: engine.stub.port) }

    @Test func theFinderSeesOllamaComeAndGo() async throws {
        let engine = try Engine.ollama()
        engine.stub.stop()
        let finder = BackendFinder(client: OutboundClient(), address: address(engine))
        var iterator = finder.watch(every: .milliseconds(10)).makeAsyncIterator()
        #expect(await iterator.next() == false)
        try engine.stub.start()
        #expect(await iterator.next() == true)
        engine.stub.stop()
        #expect(await iterator.next() == false)
    }

    @Test func theFinderTakesOllamaOnly() async throws {
        let client = OutboundClient()
        let (ollama, llama) = (try Engine.ollama(), try Engine.llama())
        #expect(await BackendFinder(client: client, address: address(ollama)).isPresent())
        #expect(await !BackendFinder(client: client, address: address(llama)).isPresent())
        let peer = try Engine.ollama()
        peer.set("GET /herd/v1/mesh", .json(#"{"peer_id":"1","fleet_tag":"2","mesh_port":3,"protocol":1}"#))
        #expect(await !BackendFinder(client: client, address: address(peer)).isPresent())
        #expect(BackendSpec.usualOllama.address.url == "http://127.0.0.1:11434")
    }

    private func examine(_ kind: BackendKind, _ engine: Engine) async -> [BackendFinding] {
        let doctor = BackendDoctor(
            client: OutboundClient(), environment: ["OLLAMA_NUM_PARALLEL": "2"], timeout: .milliseconds(500))
        return await doctor.examine(BackendSpec(kind: kind, address: address(engine)))
    }

    @Test func aHealthyEngine() async throws {
        let engine = try Engine.ollama()
        let findings = await examine(.ollama, engine)
        #expect(
            findings.map(\.text) == [
                "Ollama 0.33.0-rc2 answers at \(engine.stub.url) with 4 models, 2 loaded.",
                "It takes 2 at once for each model (OLLAMA_NUM_PARALLEL in this program's environment).",
            ])
        #expect(findings.allSatisfy { $0.level == .ok && $0.advice == nil })
    }

    @Test func nothingListens() async throws {
        let engine = try Engine.ollama()
        engine.stub.stop()
        let findings = await examine(.ollama, engine)
        #expect(findings.map(\.level) == [.problem])
        #expect(findings.first?.text == "Nothing listens at \(engine.stub.url) (connection refused).")
        #expect(findings.first?.advice == "Is Ollama running? Start it with: sudo systemctl start ollama, or: ollama serve.")
        for kind in BackendKind.allCases { #expect(await examine(kind, engine).first?.advice?.hasPrefix("Is ") == true) }
    }

    @Test func noModelsAndWrongKindAndSilence() async throws {
        let empty = try Engine.ollama()
        empty.set("GET /api/tags", .json(#"{"models":[]}"#))
        empty.set("GET /api/ps", .json(#"{"models":[]}"#))
        let findings = await examine(.ollama, empty)
        #expect(findings.last?.level == .warning)
        #expect(findings.last?.advice?.contains("ollama pull") == true)
        let wrong = await examine(.ollama, try .llama())
        #expect(wrong.map(\.level) == [.problem])
        #expect(wrong.first?.text.contains("looks like llama.cpp") == true)
        let silent = await examine(.ollama, try Engine([:], other: .silence))
        #expect(silent.first?.text.contains("did not answer in time") == true)
        #expect(silent.first?.advice?.hasPrefix("The engine hangs") == true)
    }
}
