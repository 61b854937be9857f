import API
import DemoEngine
import FastLane
import Foundation
import Gossip
import Logging
import NIOCore
import NIOPosix
import Routing

/// One peer with both lanes on loopback, as the program wires them, and without a mesh: a test says what it sees.
final class FacePeer: Sendable {
    let id: PeerID
    let name: String
    let state: LaneState
    let ports: LaneServer.Ports
    let traces = KeptTraces()
    private let server: LaneServer
    private let services: [Task<Void, any Error>]

    init(
        _ name: String, number: UInt64, configure: (inout LaneConfiguration) -> Void = { _ in },
        facts change: (inout PeerFacts) -> Void = { _ in }
    ) async throws {
        self.name = name
        id = PeerID(short: number, low: number)
        var configuration = LaneConfiguration(selfID: id, nodeName: name, linkToken: "secret")
        configuration.host = "127.0.0.1"
        configuration.meshHost = "127.0.0.1"
        configuration.port = 0
        configuration.meshPort = 0
        configuration.unavailableWait = .milliseconds(100)
        configure(&configuration)
        let state = LaneState(configuration: configuration, seed: 7)
        self.state = state
        var facts = PeerFacts(version: "0.1.0", startedAt: Date())
        facts.admitsLink = { token, _ in token == "secret" }
        facts.view = { state.view }
        let blobs = BlobForwarder(lane: state)
        facts.blobs = { await blobs.run($0, $1) }
        facts.blobsHere = { await blobs.runHere($0, $1) }
        change(&facts)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let client = APIService(face: .client, facts: facts, logger: logger)
        let mesh = APIService(face: .mesh, facts: facts, logger: logger)
        services = [Task { try await client.run() }, Task { try await mesh.run() }]
        server = LaneServer(
            state: state, group: .singleton, sink: traces, otherLane: client, meshLane: mesh, logger: logger)
        ports = try await server.start()
    }

    /// Its engine, named `engine`; what it says of its models goes into the view of `member`.
    func use(_ port: Int, kind: BackendKind = .ollama, models: [String], version: String = "0.33.0") throws {
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        let names = Dictionary(uniqueKeysWithValues: models.map { (ModelKey.canonical($0), $0) })
        state.update(backends: [
            LocalBackend(
                id: "engine", kind: kind, host: "127.0.0.1", port: port, address: address, slotsPerModel: 4, models: names,
                version: version)
        ])
    }

    /// Alone with one engine.
    static func alone(
        _ port: Int, kind: BackendKind = .ollama, models: [String] = ["tiny:latest"], capabilities: [String: [String]] = [:],
        configure: (inout LaneConfiguration) -> Void = { _ in }
    ) async throws -> FacePeer {
        let peer = try await FacePeer("desk", number: 1, configure: configure)
        try peer.use(port, kind: kind, models: models)
        peer.see([peer.member(kind: kind, models: models, capabilities: capabilities)])
        return peer
    }

    /// This peer as others see it: with an engine of `kind`, or without one.
    func member(
        kind: BackendKind? = .ollama, models: [String] = [], capabilities: [String: [String]] = [:], freeMiB: UInt32 = 64_000,
        version: String = "0.33.0"
    ) -> MemberView {
        var member = MemberView(id: id, name: name, status: .alive)
        member.endpoint = Endpoint(.v4(0x7F00_0001), port: UInt16(ports.mesh ?? 0))
        var report = HotReport()
        report.slots = 4
        report.memoryAvailableMiB = freeMiB
        member.hot = report
        member.hotMadeAt = Instant(nanoseconds: .max / 2)
        member.models = ModelsReport(
            backends: kind.map { [BackendReport(id: "engine", kind: $0, version: version, reachable: true, slotsPerModel: 4)] }
                ?? [],
            loaded: models.map { LoadedModel(name: $0, backend: "engine", sizeBytes: 1 << 20, contextLength: 4096) },
            available: models.map { name in
                var model = AvailableModel(name: name, backend: "engine")
                model.sizeBytes = 1 << 20
                model.capabilities = capabilities[name] ?? []
                return model
            })
        return member
    }

    /// What it believes of the fleet.
    func see(_ members: [MemberView], number: UInt64 = 1) {
        state.update(
            view: FleetView(number: number, selfID: id, members: members.sorted { $0.id < $1.id }, router: nil))
    }

    func ask(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> FaceAnswer {
        try await FaceClient.ask(port: ports.client, method, path, headers: headers, body: body)
    }

    func ask(_ method: String, _ path: String, headers: [(String, String)] = [], json: String) async throws -> FaceAnswer {
        try await ask(method, path, headers: headers + [("Content-Type", "application/json")], body: Array(json.utf8))
    }

    func stop() async {
        await server.shutdown(deadline: .zero)
        for service in services { service.cancel() }
    }
}
