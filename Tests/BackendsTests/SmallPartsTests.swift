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
                BackendReport(id: "ollama", kind: .ollama, reachable: false, problem: "It was not asked yet.")
            ])
        #expect(snapshot.targets(for: "x").isEmpty)
    }
}
