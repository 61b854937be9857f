import Gossip
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing

@testable import Mesh

/// The sockets themselves, and the service inside a service group.
@Suite struct SocketTests {
    private let script = ScriptedRules.Script()

    private func ping(_ service: MeshService) -> Datagram {
        Datagram(
            sender: service.identity.id.short, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0,
            message: .ping(sequence: 1, target: 0))
    }

    @Test func sendErrorsAreCountedAndTheSocketLives() async throws {
        let (directory, probe) = (try TestDirectory(), try ProbeSocket())
        let service = try ServiceTests.make(directory, TestClock(), script)
        try await service.start()
        let bad = [
            Endpoint(.v4(0xFFFF_FFFF), port: 9), Endpoint(.v4(0x0A00_0001), port: 0), Endpoint(.v4(0), port: 9),
            Endpoint(.v6(high: 0xFD00 << 48, low: 1, scope: 0), port: 9),
        ]
        script.answer(bad.map { .send(ping(service), to: $0) } + [.send(ping(service), to: probe.endpoint)])
        service.evidence(.refused, of: PeerID(short: 1, low: 1))
        #expect(await probe.receive() != nil)
        let counters = try #require(await service.status()?.counters)
        #expect(counters.sent == 1)
        #expect(counters.sendFailures == ["forbidden": 1, "unaddressed": 2, "no-socket": 1])
        // It still hears.
        var sealer = DatagramSealer(keys: service.fleetKeys, sender: 5)
        var datagram = ping(service)
        datagram.sender = 5
        probe.send(sealer.seal(datagram), to: Endpoint(.v4(0x7F00_0001), port: await service.meshPort()))
        await eventually("heard") { script.read(\.datagrams).count == 1 }
        await service.shutdown()
    }

    @Test func bothFamiliesShareOnePort() throws {
        let v4 = try DatagramSocket(binding: Endpoint(.v4(0x7F00_0001), port: 0))
        defer { v4.close() }
        // A machine without IPv6 has no second socket, and that is all.
        if let v6 = try? DatagramSocket(binding: Endpoint(.v6(high: 0, low: 1, scope: 0), port: v4.local.port)) {
            #expect(v6.local.port == v4.local.port)
            v6.close()
        }
        #expect(throws: MeshStartError.self) { try DatagramSocket(binding: v4.local) }
    }

    @Test func aClosedSocketSendsNothing() throws {
        let socket = try DatagramSocket(binding: Endpoint(.v4(0x7F00_0001), port: 0))
        let target = socket.local
        socket.close()
        socket.close()
        #expect(socket.send([1], to: target) == .failed(9))
        // The port is free again.
        try DatagramSocket(binding: target).close()
    }

    @Test func aServiceGroupStopsItGracefully() async throws {
        let directory = try TestDirectory()
        let service = try ServiceTests.make(directory, TestClock(), script)
        let group = ServiceGroup(configuration: .init(services: [.init(service: service)], logger: .quiet))
        let running = Task { try await group.run() }
        await eventually("it runs") { script.read(\.setup) != nil }
        await group.triggerGracefulShutdown()
        try await running.value
        #expect(script.read(\.events).last == "shutdown")
        // The directory is free for the next process.
        #expect(try StateDirectory(path: directory.file("data"), machine: nil).identity.generation == 2)
    }

    @Test func reportsThatAreTooLongStayAtHome() async throws {
        let directory = try TestDirectory()
        let service = try ServiceTests.make(directory, TestClock(), script)
        try await service.start()
        let name = String(repeating: "m", count: 1_000)
        let huge = ModelsReport(available: (0..<400).map { AvailableModel(name: "\(name)\($0)", backend: "b") })
        service.publish(models: huge)
        service.publish(models: ModelsReport())
        await eventually("the short one came") { script.read { state in state.cold.contains { $0.0 == .models } } }
        #expect(script.read { state in state.cold.filter { $0.0 == .models }.count } == 1)
        await service.shutdown()
    }

    @Test func viewsAreToldInOrderAndNotTooOften() async throws {
        let directory = try TestDirectory()
        let service = try ServiceTests.make(directory, TestClock(), script)
        let numbers = Mutex<[UInt64]>([])
        service.onView { view in numbers.withLock { $0.append(view.number) } }
        #expect(service.currentView.members.map(\.name) == ["me"])
        try await service.start()
        let started = ContinuousClock.now
        for _ in 0..<2_000 {
            script.answer([.viewChanged])
            service.evidence(.refused, of: PeerID(short: 1, low: 1))
        }
        await eventually("the last change is in a view") {
            let count = numbers.withLock(\.count)
            return count > 1 && service.currentView.number == numbers.withLock { $0.last }
        }
        await service.shutdown()
        let told = numbers.withLock { $0 }
        #expect(told == Array(1...UInt64(told.count)))
        let most = (ContinuousClock.now - started) / .milliseconds(20) + 3
        #expect(Double(told.count) <= most)
    }

    @Test func progressIsThinned() async throws {
        let directory = try TestDirectory()
        let service = try ServiceTests.make(directory, TestClock(), script)
        try await service.start()
        let before = script.read(\.events.count)
        for _ in 0..<1_000 { service.evidence(.progress, of: PeerID(short: 1, low: 1)) }
        service.evidence(.progress, of: PeerID(short: 2, low: 1))
        await service.shutdown()
        let evidence = script.read { state in state.events[before...].count { $0 == "evidence" } }
        #expect(evidence >= 2 && evidence <= 4)
    }
}
