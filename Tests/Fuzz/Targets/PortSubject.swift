import API
import FastLane
import Foundation
import Gossip
import Logging
import Mesh
import NIOCore
import NIOPosix

/// The mesh port as a stranger reaches it: the real lanes and the real mesh behind it, on loopback.
///
/// The first byte says where the rest is cut into packets. An answer or a close must come soon after the last byte.
final class PortSubject: FuzzSubject {
    private let port: Int
    private let mesh: MeshService
    private let server: LaneServer
    private let lane: APIService
    private let running: Task<Void, any Error>

    init(closedFleet: Bool) async throws {
        var logger = Logger(label: "fuzz")
        logger.logLevel = .critical
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("herd-fuzz-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if closedFleet {
            try KeyRingFile(dataDirectory: folder.path).save(KeyRing.create(fleet: "fuzz", nowSeconds: 0))
        }
        var settings = MeshConfiguration(dataDirectory: folder.path, name: "fuzzed")
        settings.meshPort = 0
        settings.bindAddresses = [.v4(0x7F00_0001)]
        settings.advertisedAddress = .v4(0x7F00_0001)
        let mesh = try MeshService(configuration: settings, logger: logger)
        try await mesh.start()
        lane = APIService(face: .mesh, facts: Self.facts(mesh), logger: logger)
        var configuration = LaneConfiguration(selfID: mesh.identity.id, nodeName: "fuzzed", linkToken: mesh.linkToken)
        configuration.host = "127.0.0.1"
        configuration.meshHost = "127.0.0.1"
        configuration.port = 0
        configuration.meshPort = 0
        configuration.maximumBodyBytes = 1 << 20
        configuration.link = LinkAccess(
            token: { mesh.linkToken }, admits: { mesh.admitsLink($0, pin: $1) },
            tls: { mesh.linkSecurity.map(Self.tls) })
        server = LaneServer(
            state: LaneState(configuration: configuration, seed: 7), group: MultiThreadedEventLoopGroup(numberOfThreads: 1),
            sink: NoTraces(), meshLane: lane, logger: logger)
        let ports = try await server.start()
        port = ports.mesh ?? 0
        self.mesh = mesh
        running = Task { [lane] in try await lane.run() }
    }

    deinit { running.cancel() }

    private static func facts(_ mesh: MeshService) -> PeerFacts {
        var facts = PeerFacts(version: "fuzz", startedAt: Date())
        facts.admitsLink = { mesh.admitsLink($0, pin: $1) }
        facts.view = { mesh.currentView }
        facts.sync = { body, _ in try await mesh.handleSync(body: body, remote: nil) }
        facts.hello = { body, pin, _ in try await mesh.handleHello(body: body, pin: pin, remote: nil) }
        facts.keys = { body, pin, _ in try await mesh.handleKeys(body: body, pin: pin) }
        facts.introduction = { await mesh.meshFacts().json }
        return facts
    }

    private static func tls(_ links: LinkSecurity) -> LinkTLS {
        LinkTLS(
            serverHandlers: { try links.serverHandlers() }, clientHandlers: { try links.clientHandlers(for: $0) },
            peerPin: { links.peerPin(of: $0) }, expectedPin: { _ in nil })
    }

    func feed(_ bytes: [UInt8]) -> String? {
        guard let first = bytes.first else { return nil }
        guard let connection = RawConnection(port: port) else { return "the port does not take connections any more" }
        defer { connection.reset() }
        let rest = Self.withToken(bytes.dropFirst(), mesh.linkToken)
        let cut = rest.startIndex + (first < 128 ? rest.count : rest.count * Int(first & 127) / 127)
        connection.send(rest[..<cut])
        if cut < rest.endIndex { connection.send(rest[cut...]) }
        return connection.finish() ? nil : "no end of the connection"
    }

    /// `TOKEN` in an input stands for the fleet's token, so that the corpus reaches what lies behind it.
    private static func withToken(_ bytes: ArraySlice<UInt8>, _ token: String) -> [UInt8] {
        let mark = Array("TOKEN".utf8)
        guard bytes.count >= mark.count,
            let place = (bytes.startIndex...(bytes.endIndex - mark.count)).first(where: { bytes[$0...].starts(with: mark) })
        else { return Array(bytes) }
        return bytes[..<place] + Array(token.utf8) + bytes[(place + mark.count)...]
    }

    private struct NoTraces: TraceSink {
        func record(_ trace: RequestTrace) {}
    }
}
