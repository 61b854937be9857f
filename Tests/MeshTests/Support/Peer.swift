import Discovery
import Gossip
import Logging
import Testing

@testable import Mesh

/// A whole peer on loopback: service, TCP side, own data directory.
struct Peer: Sendable {
    let service: MeshService
    let server: StubLinkServer
    let directory: TestDirectory
    let clock: TestClock

    var id: PeerID { service.identity.id }

    /// A peer with the real rules. With a ring it is of a closed fleet. `through` are the peers that its `--router-url`s name.
    init(
        _ name: String, through others: [Peer] = [], fleet: String = "test", ring: KeyRing? = nil,
        directory: TestDirectory? = nil,
        discovery: (@Sendable (Announcement) -> any Discovering)? = nil
    ) async throws {
        server = try await StubLinkServer()
        self.directory = try directory ?? TestDirectory()
        clock = TestClock()
        if let ring { try KeyRingFile(dataDirectory: self.directory.file("data")).save(ring) }
        var configuration = Peer.configuration(name, directory: self.directory, port: server.port)
        configuration.fleetName = fleet
        configuration.seeds = try others.map { try SeedURL("http://127.0.0.1:\($0.server.port)") }
        service = try MeshService(
            configuration: configuration, clock: clock, logger: .quiet, discovery: discovery ?? { _ in NoDiscovery() })
        server.serve(service)
    }

    static func configuration(_ name: String, directory: TestDirectory, port: UInt16) -> MeshConfiguration {
        var configuration = MeshConfiguration(dataDirectory: directory.file("data"), name: name)
        configuration.meshPort = port
        configuration.bindAddresses = [.v4(0x7F00_0001)]
        return configuration
    }

    /// The members that it takes for alive, itself included.
    var alive: Set<PeerID> {
        Set(service.currentView.members.filter { $0.status == .alive }.map(\.id))
    }

    /// The end without goodbye: nothing is sent or answered any more.
    func stop() async {
        await service.shutdown()
        await server.die()
    }
}

extension Logger {
    /// Logs nothing.
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
