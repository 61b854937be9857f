import Gossip
import Logging
import NIOCore
import NIOPosix
import Routing
import Synchronization
import Testing

@testable import FastLane

/// Keeps all trace rows.
final class TraceRecorder: TraceSink {
    private let all = Mutex<[RequestTrace]>([])
    func record(_ trace: RequestTrace) { all.withLock { $0.append(trace) } }
    var rows: [RequestTrace] { all.withLock { $0 } }
    var ends: [RequestTrace] { rows.filter { $0.row == .terminal } }
    var executions: [RequestTrace] { rows.filter { $0.row == .execution } }
    var attempts: [RequestTrace] { rows.filter { $0.row == .attempt } }
}

/// One peer with the real lane on loopback, its engines scripted.
final class TestPeer: Sendable {
    let id: PeerID
    let name: String
    let state: LaneState
    let server: LaneServer
    let traces = TraceRecorder()
    let ports: LaneServer.Ports

    init(
        _ name: String, number: UInt64 = 1, other: (any OtherLane)? = nil, mesh: (any OtherLane)? = nil,
        configure: (inout LaneConfiguration) -> Void = { _ in }
    ) async throws {
        self.name = name
        id = PeerID(short: number, low: number)
        var configuration = LaneConfiguration(selfID: id, nodeName: name, linkToken: "secret")
        configuration.host = "127.0.0.1"
        configuration.meshHost = "127.0.0.1"
        configuration.port = 0
        configuration.meshPort = 0
        configuration.sweepInterval = .milliseconds(20)
        configuration.pollPause = .milliseconds(20)...(.milliseconds(60))
        configuration.unavailableWait = .milliseconds(100)
        configure(&configuration)
        state = LaneState(configuration: configuration, seed: 7)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        server = LaneServer(state: state, group: .singleton, sink: traces, otherLane: other, meshLane: mesh, logger: logger)
        ports = try await server.start()
    }

    /// A peer alone with one engine.
    convenience init(
        alone name: String = "h1", engine: ScriptedUpstream, kind: BackendKind = .ollama, slots: Int = 4,
        models: [String] = ["tiny:latest"], other: (any OtherLane)? = nil, configure: (inout LaneConfiguration) -> Void = { _ in }
    ) async throws {
        try await self.init(name, other: other, configure: configure)
        use(engine.port, kind: kind, slots: slots, models: models)
        see([member(kind: kind, slots: slots, models: models)])
    }

    func client() throws -> RawClient { try RawClient(port: ports.client) }
    func meshClient() throws -> RawClient { try RawClient(port: ports.mesh ?? 0) }

    /// Its engine, named `engine`, on a port of loopback.
    func use(
        _ port: Int, kind: BackendKind = .ollama, slots: Int = 4, models: [String] = ["tiny:latest"], version: String = "",
        door: BackendDoor? = nil, slotLimit: Int? = nil
    ) {
        guard let address = try? SocketAddress(ipAddress: "127.0.0.1", port: port) else { return }
        let names = Dictionary(uniqueKeysWithValues: models.map { (ModelKey.canonical($0), $0) })
        state.update(backends: [
            LocalBackend(
                id: "engine", kind: kind, host: "127.0.0.1", port: port, address: address, slotsPerModel: slots, models: names,
                version: version, door: door, slotLimit: slotLimit)
        ])
    }

    /// What it believes of the fleet.
    func see(_ members: [MemberView], number: UInt64 = 1) {
        state.update(
            view: FleetView(number: number, selfID: id, members: members.sorted { $0.id < $1.id }, router: nil))
    }

    /// This peer as others see it.
    func member(
        kind: BackendKind = .ollama, slots: Int = 4, models: [String] = ["tiny:latest"], hot: Bool = true, counter: UInt32 = 1,
        change: (inout MemberView) -> Void = { _ in }
    ) -> MemberView {
        var member = MemberView(id: id, name: name, status: .alive)
        member.endpoint = Endpoint(.v4(0x7F00_0001), port: UInt16(ports.mesh ?? 0))
        var report = HotReport()
        report.slots = UInt16(slots)
        report.memoryAvailableMiB = 64_000
        report.loaded = hot ? models.map { HotModel(key: ModelKey(name: $0)) } : []
        member.hot = report
        member.hotVersion = RecordVersion(generation: 1, counter: counter)
        member.hotMadeAt = Instant(nanoseconds: .max / 2)
        member.models = ModelsReport(
            backends: [BackendReport(id: "engine", kind: kind, version: "1", reachable: true, slotsPerModel: slots)],
            loaded: hot ? models.map { LoadedModel(name: $0, backend: "engine", sizeBytes: 1 << 20, contextLength: 4096) } : [],
            available: models.map { name in
                var model = AvailableModel(name: name, backend: "engine")
                model.sizeBytes = 1 << 20
                return model
            })
        var fixed = StaticReport(name: name)
        fixed.memoryTotalMiB = 64_000
        member.fixed = fixed
        change(&member)
        return member
    }

    /// Stops it. Whatever a test did to it: no slot is taken then, nobody waits, and no count is left over.
    func stop(_ at: SourceLocation = #_sourceLocation) async {
        await server.shutdown(deadline: .zero)
        let isClean = await eventually { [state] in
            state.load == SlotLoad() && state.waitingCount == 0 && state.heldPlaces == 0
        }
        let queue = state.queue
        #expect(isClean, "\(name) leaks: \(state.load), \(queue.waiting)", sourceLocation: at)
        for model in queue.models {
            #expect(model.pending == 0 && model.inFlight == 0, "\(name) leaks counts: \(model)", sourceLocation: at)
        }
    }
}

/// Waits until `condition` holds, at most ten seconds.
func eventually(_ condition: @Sendable () -> Bool) async -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(30)
    while clock.now < end {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(3))
    }
    return condition()
}

/// Lines as Ollama streams them.
enum Lines {
    static func token(_ text: String) -> String {
        #"{"model":"tiny","created_at":"2025-01-01T00:00:00Z","message":{"role":"assistant","#
            + #""content":"\#(text)"},"done":false}"# + "\n"
    }
    static let last =
        #"{"model":"tiny","created_at":"2025-01-01T00:00:00Z","message":{"role":"assistant","content":""},"done":true,"#
        + #""done_reason":"stop","total_duration":5,"prompt_eval_count":7,"eval_count":3}"# + "\n"
    static let chat = #"{"model":"tiny","messages":[{"role":"user","content":"hi"}]}"#
    static let plain = #"{"model":"tiny","stream":false,"messages":[{"role":"user","content":"hi"}]}"#
}
