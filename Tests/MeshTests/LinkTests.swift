import Gossip
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

@testable import Mesh

/// Calls and links to other peers over TCP.
@Suite struct LinkTests {
    private static let group = MultiThreadedEventLoopGroup.singleton

    /// A call on its own loop.
    private func call(_ call: LinkCall, at endpoint: Endpoint) async -> Result<[UInt8], LinkFailure> {
        let loop = Self.group.any()
        do {
            return .success(try await loop.flatSubmit { call.perform(at: endpoint, on: loop) }.get())
        } catch {
            return .failure(LinkFailure(error))
        }
    }

    private var facts: LinkCall { LinkCall(method: .GET, path: LinkCall.factsPath, answerLimit: 1_000) }

    @Test func answersAndRefusals() async throws {
        let server = try await StubLinkServer(facts: { Array("hello".utf8) })
        #expect(await call(facts, at: server.endpoint) == .success(Array("hello".utf8)))
        var other = facts
        other.path = "/nothing"
        #expect(await call(other, at: server.endpoint) == .failure(.status(404)))
        var short = facts
        short.answerLimit = 4
        #expect(await call(short, at: server.endpoint) == .failure(.tooLong))
        let endpoint = server.endpoint
        await server.die()
        #expect(await call(facts, at: endpoint) == .failure(.refused))
    }

    @Test func silenceEndsInTime() async throws {
        let silent = try ListeningSocket()
        var quick = facts
        quick.totalTimeout = .milliseconds(200)
        let started = ContinuousClock.now
        #expect(await call(quick, at: silent.endpoint) == .failure(.timedOut))
        #expect(ContinuousClock.now - started < .seconds(15))
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
    ])
    func nonsenseIsAFailure(text: String) async throws {
        let odd = try ListeningSocket(answering: text)
        guard case .failure(let failure) = await call(facts, at: odd.endpoint) else {
            Issue.record("taken for an answer")
            return
        }
        #expect(failure == .malformed || failure == .closed)
    }

    @Test func factsAreReadStrictly() {
        let facts = MeshFacts(peerID: "00", fleetTag: "01", meshPort: 2, protocolVersion: 3)
        #expect(String(decoding: facts.json, as: UTF8.self) == #"{"fleet_tag":"01","mesh_port":2,"peer_id":"00","protocol":3}"#)
        #expect(MeshFacts(json: facts.json) == facts)
        for bad in [
            "", "{}", "[]", #"{"fleet_tag":"01","mesh_port":0,"peer_id":"00","protocol":3}"#,
            #"{"fleet_tag":"01","mesh_port":70000,"peer_id":"00","protocol":3}"#, String(repeating: " ", count: 5_000),
        ] {
            #expect(MeshFacts(json: Array(bad.utf8)) == nil)
        }
    }

    // MARK: The proof of a process's end

    private let router = PeerID(short: 7, low: 7)

    private func routerFacts(_ id: PeerID) -> [UInt8] {
        MeshFacts(peerID: id.hex, fleetTag: "00000000", meshPort: 1, protocolVersion: 1).json
    }

    /// A link on a loop of its own, and what it reports.
    private final class Watched: Sendable {
        let deaths = Mutex<[PeerID]>([])
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        private let link: NIOLoopBoundBox<RouterLink?>

        init() { link = .makeEmptyBox(eventLoop: loop) }

        func follow(_ target: RouterLink.Target?) async throws {
            try await loop.submit { [self] in
                if link.value == nil {
                    link.value = RouterLink(loop: loop, clock: SystemMeshClock()) { [weak self] id in
                        self?.deaths.withLock { $0.append(id) }
                    }
                }
                link.value?.follow(target)
            }.get()
        }

        var isVerified: Bool {
            get async { (try? await loop.submit { [self] in link.value?.isVerified ?? false }.get()) ?? false }
        }
        var died: [PeerID] { deaths.withLock { $0 } }
    }

    @Test func aDeadProcessIsProven() async throws {
        let (router, facts) = (router, routerFacts(router))
        let server = try await StubLinkServer(facts: { facts })
        let watched = Watched()
        try await watched.follow(RouterLink.Target(id: router, endpoint: server.endpoint))
        await eventually("verified") { await watched.isVerified }
        #expect(watched.died.isEmpty)
        await server.die()
        await eventually("proven") { watched.died == [router] }
        try await watched.follow(nil)
    }

    @Test func aClosedConnectionAloneProvesNothing() async throws {
        let facts = routerFacts(router)
        let server = try await StubLinkServer(facts: { facts })
        let watched = Watched()
        try await watched.follow(RouterLink.Target(id: router, endpoint: server.endpoint))
        await eventually("verified") { await watched.isVerified }
        await server.hangUp()
        await eventually("it connects again") { server.accepted == 2 }
        await eventually("verified again") { await watched.isVerified }
        #expect(watched.died.isEmpty)
        try await watched.follow(nil)
    }

    @Test func aRefusalWithoutAnOlderLinkProvesNothing() async throws {
        let server = try await StubLinkServer()
        let endpoint = server.endpoint
        await server.die()
        let watched = Watched()
        try await watched.follow(RouterLink.Target(id: router, endpoint: endpoint))
        try await server.listen(on: endpoint.port)
        // The facts are missing (404), so it is no link either: its end proves nothing.
        await eventually("tried again") { server.accepted >= 1 }
        await server.die()
        await never("a death is told") { !watched.died.isEmpty }
        try await watched.follow(nil)
    }

    @Test func anotherPeerBehindTheAddressProvesNothing() async throws {
        let facts = routerFacts(PeerID(short: 8, low: 8))
        let server = try await StubLinkServer(facts: { facts })
        let watched = Watched()
        try await watched.follow(RouterLink.Target(id: router, endpoint: server.endpoint))
        await eventually("it was asked") { server.accepted >= 1 }
        await never("it is taken for the router") { await watched.isVerified }
        await server.die()
        await never("a death is told") { !watched.died.isEmpty }
        try await watched.follow(nil)
    }

    /// The router was just elected and does not know its peers yet: its first answer may be a refusal.
    @Test func aRouterThatIsNotReadyIsAskedAgain() async throws {
        let (facts, strange) = (routerFacts(router), routerFacts(PeerID(short: 8, low: 8)))
        let asked = Atomic(0)
        let server = try await StubLinkServer(facts: { asked.add(1, ordering: .relaxed).oldValue < 2 ? strange : facts })
        let watched = Watched()
        try await watched.follow(RouterLink.Target(id: router, endpoint: server.endpoint))
        await eventually("verified") { await watched.isVerified }
        #expect(server.accepted == 3)
        await server.die()
        await eventually("proven") { watched.died == [router] }
        try await watched.follow(nil)
    }

    @Test func onlyTheCurrentRouterIsWatched() async throws {
        let facts = routerFacts(router)
        let server = try await StubLinkServer(facts: { facts })
        let watched = Watched()
        try await watched.follow(RouterLink.Target(id: router, endpoint: server.endpoint))
        await eventually("verified") { await watched.isVerified }
        try await watched.follow(nil)
        await server.die()
        await never("a death is told") { !watched.died.isEmpty }
    }
}
