import Foundation
import Gossip
import Testing

@testable import Backends

@Suite struct SmallPartsTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2025-01-01T00:15:15.732913502Z", 1_735_690_515),
        ("2025-01-01T02:15:15+02:00", 1_735_690_515),
        ("2024-02-29T12:00:00-05:30", 1_709_227_800), ("2000-03-01T00:00:00Z", 951_868_800),
        ("2317-04-12T23:52:32.454892103Z", 10_959_061_952),
    ])
    func times(_ text: String, _ seconds: Int64) { #expect(Timestamp.seconds(text) == seconds) }

    @Test(arguments: [
        "", "soon", "2025-01-01", "2025-13-01T00:00:00Z", "2025-01-01T00:00:00", "2025-01-01T24:00:00Z", "2025-01-01T00:00:00+0",
        "2025-01-01T00:00:00.", "2025-01-01T00:00:00?xxxxxx", "----------T--:--:--Z",
    ])
    func noTimes(_ text: String) { #expect(Timestamp.seconds(text) == nil) }

    private let local = BackendSpec(kind: .ollama, address: BackendAddress(host: "127.0.0.1", port: 11434))

    @Test func parallelismComesFromTheFirstPlaceThatSaysIt() {
        var spec = local
        let environment = ["OLLAMA_NUM_PARALLEL": "3"]
        #expect(
            Parallelism(environment: environment, root: "/nowhere").slots(spec, engineSays: nil) == (
                3, "OLLAMA_NUM_PARALLEL in this program's environment"
            ))
        #expect(
            Parallelism(environment: [:], root: "/nowhere").slots(spec, engineSays: nil) == (1, "assumed: Ollama's own default"))
        #expect(Parallelism(environment: environment).slots(spec, engineSays: 2) == (2, "said by the engine"))
        spec.slotsPerModel = 6
        #expect(Parallelism(environment: environment).slots(spec, engineSays: 2) == (6, "configured"))
        for odd in ["0", "-1", "many", "", "99999"] {
            #expect(
                Parallelism(environment: ["OLLAMA_NUM_PARALLEL": odd], root: "/nowhere").slots(local, engineSays: nil).count == 1)
        }
        let llama = BackendSpec(kind: .llamacpp, address: local.address)
        #expect(Parallelism(environment: environment).slots(llama, engineSays: nil).count == 1)
    }

    @Test func parallelismOfTheSystemService() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("units-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        let folder = root + "/etc/systemd/system/ollama.service.d"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "[Service]\nEnvironment=\"PATH=/bin\" OLLAMA_NUM_PARALLEL=2\n".write(
            toFile: root + "/etc/systemd/system/ollama.service", atomically: true, encoding: .utf8)
        let parallelism = Parallelism(environment: [:], root: root)
        #expect(parallelism.slots(local, engineSays: nil).count == 2)
        try "[Service]\n Environment=\"OLLAMA_NUM_PARALLEL=4\"\n#Environment=OLLAMA_NUM_PARALLEL=9\n".write(
            toFile: folder + "/a.conf", atomically: true, encoding: .utf8)
        #expect(parallelism.slots(local, engineSays: nil) == (4, "OLLAMA_NUM_PARALLEL in the system service ollama.service"))
        // The service of this machine says nothing about another machine.
        let away = BackendSpec(kind: .ollama, address: BackendAddress(host: "box", port: 11434))
        #expect(parallelism.slots(away, engineSays: nil).count == 1)
    }

    /// The process itself is the best witness.
    @Test func parallelismOfTheProcess() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("proc-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        func add(_ process: Int, _ command: [String], _ environment: [String]? = nil) throws {
            let folder = root + "/proc/\(process)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try command.map { $0 + "\0" }.joined().write(toFile: folder + "/cmdline", atomically: true, encoding: .utf8)
            try environment?.map { $0 + "\0" }.joined().write(toFile: folder + "/environ", atomically: true, encoding: .utf8)
        }
        let process = EngineProcess(root: root)
        #expect(process.slots(.ollama, port: 11_434) == nil)
        try add(7, ["/usr/bin/ollama", "run", "tiny"], ["OLLAMA_NUM_PARALLEL=9"])
        try add(8, ["/usr/bin/ollama", "serve"], nil)
        #expect(process.slots(.ollama, port: 11_434) == nil, "it may not be read")
        try add(9, ["/usr/bin/ollama", "serve"], ["PATH=/bin", "OLLAMA_NUM_PARALLEL=4", "OLLAMA_HOST=0.0.0.0"])
        try add(10, ["ollama", "serve"], ["OLLAMA_HOST=127.0.0.1:11500"])
        #expect(process.slots(.ollama, port: 11_434) == SlotFinding(count: 4, source: "OLLAMA_NUM_PARALLEL of process 9"))
        #expect(process.slots(.ollama, port: 11_500)?.count == 1)
        try add(10, ["ollama", "serve"], ["OLLAMA_HOST=127.0.0.1:11500", "OLLAMA_NUM_PARALLEL=0"])
        #expect(process.slots(.ollama, port: 11_500)?.source.hasPrefix("process 10 has no") == true)
        #expect(process.slots(.ollama, port: 11_600) == nil)
        try add(11, ["python3", "/usr/bin/vllm", "serve", "m", "--max-num-seqs", "24"])
        try add(12, ["python3", "-m", "vllm.entrypoints.openai.api_server", "--port=9000", "--max-num-seqs=many"])
        #expect(process.slots(.vllm, port: 8_000)?.count == 24)
        #expect(process.slots(.vllm, port: 9_000) == nil && process.slots(.lmstudio, port: 8_000) == nil)
        let parallelism = Parallelism(environment: ["OLLAMA_NUM_PARALLEL": "2"], root: root)
        let found = parallelism.slots(local, engineSays: nil, process: process.slots(.ollama, port: 11_434))
        #expect(found.count == 4 && SlotOrigin(source: found.source) == .learnt)
        #expect(SlotOrigin(source: "configured") == .configured && SlotOrigin(source: "assumed: x") == .assumed)
    }

    @Test func namesAndTimesOfASnapshot() throws {
        var facts = EngineFacts(version: "1")
        facts.available = [AvailableModel(name: "Qwen:7b", backend: "a"), AvailableModel(name: "tiny:latest", backend: "a")]
        facts.aliases = ["small:latest": "tiny:latest", "qwen:7b": "wrong"]
        facts.loaded = [
            .init(model: LoadedModel(name: "tiny:latest", backend: "a"), expiresAt: 1090),
            .init(model: LoadedModel(name: "for-ever", backend: "a"), expiresAt: 10_960_000_000),
            .init(model: LoadedModel(name: "overdue", backend: "a"), expiresAt: 10),
        ]
        let spec = BackendSpec(id: "a", kind: .ollama, address: local.address, slotsPerModel: 2)
        let maker = SnapshotMaker(parallelism: Parallelism(environment: [:])) { 1000 }
        let (snapshot, digest) = maker.make([spec], ["a": BackendState(reachable: true, facts: facts)])
        #expect(snapshot.report.loaded.map(\.expiresInSeconds) == [90, nil, 0])
        let target = try #require(snapshot.target("a"))
        #expect(target.engineName(of: "QWEN:7B") == "Qwen:7b")
        #expect(target.engineName(of: "small") == "tiny:latest")
        #expect(target.engineName(of: "none") == nil)
        #expect(snapshot.targets(for: "Tiny").map(\.id) == ["a"])
        // Time that passes, and a time that moves a little, are no news; a minute is.
        let later = SnapshotMaker(parallelism: Parallelism(environment: [:])) { 1030 }
        facts.loaded[0].expiresAt = 1149
        facts.busySlots = 1
        #expect(!later.make([spec], ["a": BackendState(reachable: true, facts: facts)]).1.differs(from: digest))
        facts.loaded[0].expiresAt = 1150
        #expect(later.make([spec], ["a": BackendState(reachable: true, facts: facts)]).1.differs(from: digest))
    }

    @Test func anEngineThatWasNotAskedYet() {
        let maker = SnapshotMaker(parallelism: Parallelism(environment: [:], root: "/nowhere"))
        let (snapshot, _) = maker.make([local], [:])
        #expect(
            snapshot.report.backends == [
                BackendReport(
                    id: "ollama", kind: .ollama, reachable: false, problem: "It was not asked yet.", slotsSource: "assumed")
            ])
        #expect(snapshot.targets(for: "x").isEmpty)
    }
}
