import Discovery
import Gossip
import Logging
import Testing

@testable import Mesh

/// Datagrams inside peer links, for networks that drop UDP.
@Suite struct TunnelTests {
    // MARK: Values

    @Test func framesComeBack() {
        let datagrams: [[UInt8]] = [[1, 2, 3], [], [UInt8](repeating: 7, count: Datagram.maximumBytes)]
        #expect(DatagramFrames.decode(DatagramFrames.encode(datagrams)) == datagrams)
        #expect(DatagramFrames.decode([]) == [])
        let many = (0..<100).map { [UInt8($0)] }
        #expect(DatagramFrames.decode(DatagramFrames.encode(many)) == Array(many.prefix(64)), "the rest stays out")
        #expect(DatagramFrames.encode([[UInt8](repeating: 0, count: 1_201), [9]]) == [0, 1, 9], "no packet is that long")
    }

    @Test func malformedFramesAreRefused() {
        let good = DatagramFrames.encode([[1, 2, 3], [4]])
        for cut in 1..<good.count where cut != 5 { #expect(DatagramFrames.decode(Array(good[..<cut])) == nil) }
        #expect(DatagramFrames.decode([0xFF, 0xFF]) == nil)
        #expect(DatagramFrames.decode([0x04, 0xB1] + [UInt8](repeating: 0, count: 1_201)) == nil, "1201 bytes")
        #expect(DatagramFrames.decode([UInt8](repeating: 0, count: 2 * 65)) == nil, "65 empty ones")
        #expect(DatagramFrames.decode([UInt8](repeating: 0, count: DatagramFrames.byteLimit + 1)) == nil)
    }

    @Test func oneCallAtATimeAndTheRestGoesTogether() {
        var queue = TunnelQueue()
        let a = Endpoint(.v4(1), port: 1)
        let b = Endpoint(.v4(2), port: 1)
        #expect(queue.add([1], for: a) == .taken)
        #expect(queue.add([2], for: a) == .taken)
        #expect(queue.add([3], for: b) == .taken)
        let first = queue.takeReady()
        #expect(first.map(\.endpoint) == [a, b])
        #expect(first.map(\.datagrams) == [[[1], [2]], [[3]]])
        for number in 10..<80 { _ = queue.add([UInt8(number)], for: a) }
        #expect(queue.takeReady().isEmpty, "both are under way")
        queue.ended(b, failed: false)
        queue.ended(a, failed: false)
        let second = queue.takeReady()
        #expect(second.map(\.datagrams) == [(16..<80).map { [UInt8($0)] }], "the oldest gave way")
        _ = queue.add([9], for: a)
        queue.ended(a, failed: true)
        #expect(queue.takeReady().isEmpty, "what waited behind a failure is stale")
    }

    @Test func addressesAreBounded() {
        var queue = TunnelQueue()
        for number in 0..<TunnelQueue.addressLimit {
            #expect(queue.add([1], for: Endpoint(.v4(UInt32(number)), port: 1)) == .taken)
        }
        #expect(queue.add([1], for: Endpoint(.v4(9_999), port: 1)) == .full)
    }

    @Test func whereTheSenderOfATunnelledDatagramListens() {
        let id = PeerID(short: 5, low: 1)
        func datagram(_ port: UInt16?) -> Datagram {
            let items = port.map { port in
                [
                    Item.member(
                        MemberRecord(
                            id: id, generation: 1, incarnation: 0, status: .alive, endpoint: Endpoint(.v4(3), port: port),
                            candidacy: Candidacy()))
                ]
            }
            return Datagram(
                sender: 5, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0, message: .gossip, items: items ?? [])
        }
        let known = Endpoint(.v4(4), port: 44)
        func place(_ port: UInt16?, _ known: Endpoint?, _ remote: IPAddress?) -> Endpoint? {
            MeshCore.tunnelSender(datagram(port), known: known, remote: remote, meshPort: 99)
        }
        #expect(place(33, known, .v4(8)) == Endpoint(.v4(8), port: 33), "where it came from, on the port that it names")
        #expect(place(nil, known, .v4(8)) == Endpoint(.v4(8), port: 44))
        #expect(place(nil, nil, .v4(8)) == Endpoint(.v4(8), port: 99))
        #expect(place(nil, known, nil) == known)
        #expect(place(33, nil, nil) == Endpoint(.v4(3), port: 33))
        #expect(place(nil, nil, nil) == nil)
    }

    // MARK: Service

    /// A service with scripted rules and its TCP side.
    private struct Side {
        let script = ScriptedRules.Script()
        let directory: TestDirectory
        let server: StubLinkServer
        let service: MeshService

        init() async throws {
            directory = try TestDirectory()
            server = try await StubLinkServer()
            let configuration = Peer.configuration("me", directory: directory, port: server.port)
            let script = script
            service = MeshService(
                configuration: configuration, state: try StateDirectory(path: configuration.dataDirectory, machine: nil),
                clock: TestClock(), logger: .quiet, discovery: { _ in NoDiscovery() }, makeRules: { ScriptedRules($0, script) })
            server.serve(service)
            try await service.start()
        }

        /// Has the rules answer the next event with `actions`, and gives them one.
        func doNow(_ actions: [HerdAction]) {
            script.answer(actions)
            service.evidence(.refused, of: PeerID(short: 1, low: 1))
        }

        func ping(_ number: UInt32) -> Datagram {
            Datagram(
                sender: service.identity.id.short, generation: service.identity.generation, incarnation: 0, hotCounter: 0,
                localHealth: 0, message: .ping(sequence: number, target: 0))
        }

        var heard: [Message] { script.read(\.tunnelled).map(\.0.message) }

        func stop() async {
            await service.shutdown()
            await server.die()
        }
    }

    @Test func datagramsGoByTCPAndTheAnswerComesBackOnTheSameConnection() async throws {
        let a = try await Side()
        let b = try await Side()
        a.doNow([.tunnel(a.ping(1), to: b.server.endpoint), .tunnel(a.ping(2), to: b.server.endpoint)])
        await eventually("both came in one call") { b.heard == [.ping(sequence: 1, target: 0), .ping(sequence: 2, target: 0)] }
        #expect(b.server.accepted == 1)
        #expect(await b.service.status()?.counters.received == 0, "nothing came by UDP")
        // B does not know A: it takes the usual port at the address that the connection came from.
        let aSeenByB = try #require(b.script.read(\.tunnelled).first?.1)
        #expect(aSeenByB == Endpoint(.v4(0x7F00_0001), port: b.server.port))
        b.script.answer([.send(b.ping(3), to: aSeenByB), .tunnel(b.ping(4), to: aSeenByB)])
        a.doNow([.tunnel(a.ping(5), to: b.server.endpoint)])
        await eventually("the answer is here") {
            a.heard == [.ping(sequence: 3, target: 0), .ping(sequence: 4, target: 0)]
        }
        #expect(a.script.read(\.tunnelled).allSatisfy { $0.1 == b.server.endpoint })
        #expect(a.server.accepted == 0, "nobody called A")
        await a.stop()
        await b.stop()
    }

    @Test func aPeerThatIsNotThereFailsTheTunnel() async throws {
        let a = try await Side()
        let b = try await Side()
        let gone = b.server.endpoint
        await b.stop()
        a.doNow([.tunnel(a.ping(1), to: gone)])
        await eventually("the rules hear of it") { a.script.read(\.tunnelFailures) == [gone] }
        #expect(await a.service.status()?.counters.tunnelsFailed == 1)
        await a.stop()
    }

    @Test func theReplayWindowHoldsForBothWays() async throws {
        let a = try await Side()
        let b = try await Side()
        let probe = try ProbeSocket()
        a.doNow([.send(a.ping(1), to: probe.endpoint)])
        let sealed = try #require(await probe.receive())
        let body = DatagramFrames.encode([sealed, sealed, [1, 2, 3]])
        #expect(try await b.service.handleDatagrams(body: body, remote: .v4(0x7F00_0001)).isEmpty)
        #expect(b.heard.count == 1)
        probe.send(sealed, to: Endpoint(.v4(0x7F00_0001), port: b.server.port))
        await eventually("the copy by UDP is dropped, too") { await b.service.status()?.counters.dropped["replayed"] == 2 }
        #expect(b.script.read(\.datagrams).isEmpty)
        #expect(await b.service.status()?.counters.dropped.values.reduce(0, +) == 3, "the three bytes are no datagram")
        await a.stop()
        await b.stop()
    }

    @Test func aMalformedBodyIsATypedError() async throws {
        let a = try await Side()
        await #expect(throws: MeshSyncError.malformed) { try await a.service.handleDatagrams(body: [1], remote: nil) }
        #expect(await a.service.status()?.counters.tunnelsRefused == 1)
        await a.stop()
        await #expect(throws: MeshSyncError.notRunning) { try await a.service.handleDatagrams(body: [], remote: nil) }
    }
}
