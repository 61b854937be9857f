import Foundation
import Testing

@testable import Discovery

/// Against a real Avahi daemon on a bus of the test's own. Skipped where namespaces cannot be made.
@Suite(
    .serialized, .timeLimit(.minutes(2)),
    .enabled(if: PrivateAvahi.obstacle == nil, "no private Avahi here: \(PrivateAvahi.obstacle ?? "")"))
struct LiveDiscoveryTests {
    @Test func twoPeersFindEachOtherAndPart() async throws {
        let avahi = PrivateAvahi()
        defer { avahi.stop() }
        try await avahi.startBus()
        try avahi.startDaemon()
        let a = LivePeer("a")
        let b = LivePeer("b", hostName: "hôte")
        #expect(await eventually { !a.sightings.isEmpty && !b.sightings.isEmpty })
        let sighting = try #require(a.sightings.last)
        #expect(sighting.shortID == b.shortID)
        #expect(sighting.fleetTag == "0000beef")
        #expect(sighting.port == 11445)
        #expect(sighting.addresses == ["127.0.0.1"])
        #expect(sighting.hostName == "private.local")
        #expect(sighting.protocolVersion == 1)
        #expect(await eventually { b.discovery.state == .running(name: "hôte-bbbbbbbb") })

        let doctor = await DiscoveryDoctor.examine()
        #expect(doctor.map(\.level) == [.ok, .ok, .ok, .ok], "\(doctor)")
        #expect(doctor.last?.title.contains("2 peers") == true)

        // Announced again, nobody sees the peer go.
        a.forget()
        b.discovery.reannounce()
        #expect(await b.stop() < .seconds(10))
        #expect(await eventually { a.events.contains(.vanished(shortID: b.shortID)) })
        #expect(a.events.filter { $0 == .vanished(shortID: b.shortID) }.count == 1)
        #expect(b.discovery.state == .off)
        #expect(!a.sightings.contains { $0.shortID == a.shortID }, "a peer does not see itself")
        _ = await a.stop()
    }

    @Test func survivesARestartOfTheDaemonAndAHang() async throws {
        let avahi = PrivateAvahi()
        defer { avahi.stop() }
        try await avahi.startBus()
        try avahi.startDaemon()
        let a = LivePeer("a")
        let b = LivePeer("b")
        #expect(await eventually { !a.sightings.isEmpty && !b.sightings.isEmpty })
        avahi.signalDaemon(SIGKILL)
        #expect(await eventually { a.discovery.state == .noDaemon })
        let doctor = await DiscoveryDoctor.examine(limit: .milliseconds(300))
        #expect(doctor.map(\.level) == [.ok, .problem], "\(doctor)")
        a.forget()
        try avahi.startDaemon()
        #expect(await eventually { a.sightings.contains { $0.shortID == b.shortID } })
        #expect(await eventually { a.discovery.state == .running(name: "host-aaaaaaaa") })

        // A daemon that hangs blocks Avahi's calls for 25 s, and nobody who cancels.
        avahi.signalDaemon(SIGSTOP)
        a.discovery.reannounce()
        #expect(await a.stop() < .seconds(10))
        #expect(await b.stop() < .seconds(10))
    }

    @Test func waitsForABusThatComesLate() async throws {
        let avahi = PrivateAvahi()
        defer { avahi.stop() }
        _ = PrivateAvahi.folder
        let a = LivePeer("a")
        #expect(await eventually { a.discovery.state == .noBus })
        let doctor = await DiscoveryDoctor.examine()
        #expect(doctor.map(\.level) == [.problem], "\(doctor)")
        try await avahi.startBus()
        #expect(await eventually { a.discovery.state == .noDaemon })
        try avahi.startDaemon()
        #expect(await eventually { a.discovery.state == .running(name: "host-aaaaaaaa") })

        // The same name on the same daemon is refused at once; a clone takes another.
        let clone = LivePeer("a", meshPort: 11446)
        #expect(await eventually { clone.discovery.state == .running(name: "host-aaaaaaaa #2") })
        #expect(clone.sightings.isEmpty, "its own short id")
        _ = await clone.stop()
        _ = await a.stop()
    }

    @Test func manyRunsLeaveNothingBehind() async throws {
        let avahi = PrivateAvahi()
        defer { avahi.stop() }
        try await avahi.startBus()
        try avahi.startDaemon()
        let before = try descriptors()
        for _ in 0..<10 {
            let peer = LivePeer("a")
            #expect(await eventually { if case .running = peer.discovery.state { true } else { false } })
            #expect(try threads() >= 1)
            _ = await peer.stop()
        }
        #expect(await eventually { (try? descriptors()) ?? .max <= before + 2 }, "each run had at least five descriptors")
        #expect(await eventually { (try? threads()) == 0 })
    }

    private func descriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }

    /// The Avahi threads of this process.
    private func threads() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count {
            (try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8)) == "avahi\n"
        }
    }
}
