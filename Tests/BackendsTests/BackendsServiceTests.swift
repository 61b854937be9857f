import Backends
import Gossip
import HTTPStub
import Logging
import Outbound
import Testing

@Suite struct BackendsServiceTests {
    /// The usual pace, some ten times as fast.
    private func pace() -> BackendsPace {
        var pace = BackendsPace()
        pace.light = .milliseconds(60)
        pace.full = .milliseconds(200)
        pace.again = .milliseconds(10)
        pace.away = .milliseconds(40)
        pace.timeout = .seconds(2)
        pace.least = .milliseconds(5)
        return pace
    }

    private func spec(_ kind: BackendKind, _ engine: Engine, id: String? = nil) -> BackendSpec {
        BackendSpec(id: id, kind: kind, address: BackendAddress(host: "127.0.0.1", port: engine.stub.port))
    }

    private func service(_ specs: [BackendSpec], _ pace: BackendsPace) -> BackendsService {
        BackendsService(
            specs: specs, client: OutboundClient(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, pace: pace,
            environment: [:])
    }

    /// Runs a service for the time of `body`.
    private func running(_ service: BackendsService, _ body: () async throws -> Void) async throws {
        let task = Task { await service.run() }
        defer { task.cancel() }
        try await body()
        task.cancel()
        await task.value
    }

    private func reachable(_ service: BackendsService, _ id: String = "ollama") -> Bool {
        service.current.target(id)?.reachable == true
    }

    @Test func reportsWhatTheEnginesHave() async throws {
        let (ollama, llama) = (try Engine.ollama(), try Engine.llama())
        let service = service([spec(.ollama, ollama), spec(.llamacpp, llama)], pace())
        #expect(service.current.report.backends.map(\.reachable) == [false, false])
        try await running(service) {
            #expect(await eventually { reachable(service) && reachable(service, "llamacpp") })
            // Capabilities come after the lists.
            #expect(
                await eventually {
                    service.current.report.available.first { $0.name == "tiny:latest" }?.capabilities.contains("tools") == true
                })
            let snapshot = service.current
            #expect(snapshot.report.backends.map(\.version) == ["0.33.0-rc2", "b0-unknown"])
            #expect(snapshot.report.backends.allSatisfy { $0.problem == nil })
            #expect(snapshot.report.available.count == 5)
            #expect(snapshot.targets(for: "TINY").map(\.id) == ["ollama", "llamacpp"])
            #expect(snapshot.target("llamacpp")?.engineName(of: "tiny") == "tiny")
            #expect(snapshot.target("llamacpp")?.slotsSource == "said by the engine")
            #expect(snapshot.target("ollama")?.slotsPerModel == 1)
        }
    }

    @Test func noRouteThatMakesAModelWorkIsEverCalled() async throws {
        let engines: [(BackendKind, Engine)] = [
            (.ollama, try .ollama()), (.llamacpp, try .llama()), (.vllm, try .vllm()), (.lmstudio, try .lmStudio()),
            (.openai, try Engine(["GET /v1/models": .json(#"{"object":"list","data":[]}"#)])),
        ]
        let service = service(engines.map { spec($0.0, $0.1) }, pace())
        try await running(service) {
            #expect(await eventually { service.current.targets.allSatisfy(\.reachable) })
            let counts = engines.map { $0.1.stub.lines.count }
            #expect(await eventually { zip(engines, counts).allSatisfy { $0.1.stub.lines.count > $1 + 4 } })
        }
        let allowed: Set<String> = [
            "GET /herd/v1/mesh", "GET /api/version", "GET /api/tags", "GET /api/ps", "POST /api/show", "GET /health",
            "GET /v1/models",
            "GET /props", "GET /slots", "GET /version", "GET /api/v0/models",
        ]
        for (kind, engine) in engines { #expect(engine.asked.subtracting(allowed).isEmpty, "\(kind)") }
        // Details are asked for once, however long it runs.
        #expect(engines[0].1.count("POST /api/show") == 4)
    }

    @Test func lossAndReturnWhenIdle() async throws {
        let engine = try Engine.ollama()
        let service = service([spec(.ollama, engine)], pace())
        try await running(service) {
            #expect(await eventually { reachable(service) })
            engine.stub.stop()
            #expect(await eventually { !reachable(service) })
            let gone = service.current
            #expect(gone.report.backends.first?.problem == "Nothing listens at \(engine.stub.url) (connection refused).")
            #expect(gone.report.available.isEmpty)
            #expect(gone.report.loaded.isEmpty)
            #expect(gone.targets(for: "tiny").isEmpty)
            try engine.stub.start()
            #expect(await eventually { reachable(service) })
            #expect(service.current.report.available.count == 4)
        }
    }

    @Test func reportedTroubleMakesTheLossKnownAtOnce() async throws {
        let engine = try Engine.ollama()
        var slow = pace()
        slow.light = .seconds(3600)
        slow.again = .seconds(3600)
        let service = service([spec(.ollama, engine)], slow)
        try await running(service) {
            #expect(await eventually { reachable(service) })
            // Until nothing is left to learn: then it sleeps for an hour.
            #expect(await eventually { engine.count("POST /api/show") == 4 })
            engine.stub.stop()
            let began = ContinuousClock.now
            #expect(
                await eventually {
                    service.trouble("ollama")
                    return !reachable(service)
                })
            #expect(ContinuousClock.now - began < .seconds(20))
            service.trouble("nobody")
        }
    }

    @Test func troubleThatWasNoneChangesNothing() async throws {
        let engine = try Engine.ollama()
        var slow = pace()
        slow.light = .seconds(3600)
        slow.least = .milliseconds(100)
        let service = service([spec(.ollama, engine)], slow)
        try await running(service) {
            #expect(await eventually { reachable(service) && engine.count("POST /api/show") == 4 })
            let before = engine.stub.lines.count
            let began = ContinuousClock.now
            while ContinuousClock.now - began < .milliseconds(400) {
                service.trouble("ollama")
                await Task.yield()
            }
            #expect(reachable(service))
            // A flood of trouble is no flood of probes.
            #expect(engine.stub.lines.count - before <= 20)
            #expect(engine.stub.lines.count > before)
        }
    }

    /// All details are there: nothing more will change by itself.
    private func settled(_ service: BackendsService) -> Bool {
        let models = service.current.report.available
        return models.count == 4 && models.allSatisfy { $0.capabilities.contains("tools") }
    }

    @Test func oneLostAnswerIsNoLoss() async throws {
        let engine = try Engine.ollama()
        let service = service([spec(.ollama, engine)], pace())
        try await running(service) {
            #expect(await eventually { settled(service) })
            var iterator = service.updates().makeAsyncIterator()
            #expect(await iterator.next()?.targets.first?.reachable == true)
            engine.setOnce("GET /api/ps", .hangUp)
            let count = engine.count("GET /api/ps")
            #expect(await eventually { engine.count("GET /api/ps") > count + 3 })
            engine.set("GET /api/ps", try Golden.answer("ollama/ps-empty"))
            // Had the loss been told, it would come first.
            let next = await iterator.next()
            #expect(next?.targets.first?.reachable == true)
            #expect(next?.report.loaded.isEmpty == true)
        }
    }

    @Test func aSilentEngineIsLostAfterTheTimeOut() async throws {
        let engine = try Engine.ollama()
        var quick = pace()
        quick.timeout = .milliseconds(300)
        let service = service([spec(.ollama, engine)], quick)
        try await running(service) {
            #expect(await eventually { reachable(service) })
            engine.set("GET /api/ps", .silence)
            #expect(await eventually { !reachable(service) })
            #expect(service.current.report.backends.first?.problem == "\(engine.stub.url) did not answer in time.")
        }
    }

    @Test func aPeerIsNoEngine() async throws {
        let engine = try Engine.ollama()
        engine.set("GET /herd/v1/mesh", .json(#"{"peer_id":"1","fleet_tag":"2","mesh_port":3,"protocol":4}"#))
        let service = service([spec(.ollama, engine)], pace())
        try await running(service) {
            #expect(await eventually { engine.count("GET /herd/v1/mesh") > 2 })
            #expect(!reachable(service))
            #expect(service.current.report.backends.first?.problem?.contains("is a herd-peer") == true)
            #expect(engine.asked == ["GET /herd/v1/mesh"])
        }
    }

    @Test func updatesTellChangesOnly() async throws {
        let engine = try Engine.ollama()
        let service = service([spec(.ollama, engine)], pace())
        try await running(service) {
            #expect(await eventually { settled(service) })
            var iterator = service.updates().makeAsyncIterator()
            #expect(await iterator.next()?.report.loaded.count == 2)
            let probes = engine.count("GET /api/ps")
            #expect(await eventually { engine.count("GET /api/ps") > probes + 3 })
            engine.set("GET /api/ps", try Golden.answer("ollama/ps-empty"))
            // Had an unchanged probe made an update, it would come first.
            #expect(await iterator.next()?.report.loaded.isEmpty == true)
        }
    }

    @Test func enginesComeAndGoWhileItRuns() async throws {
        let (first, second) = (try Engine.ollama(), try Engine.llama())
        let service = service([], pace())
        try await running(service) {
            #expect(service.current == BackendsSnapshot())
            service.add(spec(.ollama, first))
            service.add(spec(.llamacpp, second))
            service.add(spec(.llamacpp, first, id: "ollama"))
            #expect(await eventually { reachable(service) && reachable(service, "llamacpp") })
            service.remove("ollama")
            #expect(service.current.targets.map(\.id) == ["llamacpp"])
            let asked = first.stub.lines.count
            let other = second.stub.lines.count
            #expect(await eventually { second.stub.lines.count > other + 6 })
            #expect(first.stub.lines.count <= asked + 8)
            service.add(spec(.ollama, first))
            #expect(await eventually { reachable(service) })
        }
    }

    @Test func cancellingEndsRunAndUpdates() async throws {
        let engine = try Engine([:], other: .silence)
        let service = service([spec(.ollama, engine)], pace())
        let task = Task { await service.run() }
        let reader = Task {
            var count = 0
            for await _ in service.updates() { count += 1 }
            return count
        }
        #expect(await eventually { engine.stub.lines.count == 1 })
        let began = ContinuousClock.now
        task.cancel()
        await task.value
        #expect(ContinuousClock.now - began < .seconds(20))
        #expect(await reader.value >= 1)
    }
}
