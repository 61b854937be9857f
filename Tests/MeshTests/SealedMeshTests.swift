import Gossip
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Testing

@testable import Mesh

/// Whole peers of closed fleets on loopback: sealed datagrams, TLS links, rotation.
@Suite(.serialized) struct SealedMeshTests {
    private let ring: KeyRing
    init() throws { ring = try KeyRing.create(fleet: "home", nowSeconds: 1) }

    private func fleet(_ names: [String], _ ring: KeyRing? = nil) async throws -> [Peer] {
        var peers: [Peer] = []
        for name in names {
            // The others join as people do: with the token.
            let own = peers.isEmpty ? ring ?? self.ring : KeyRing(joining: (ring ?? self.ring).joinToken, nowSeconds: 2)
            let peer = try await Peer(name, through: Array(peers.prefix(1)), ring: own)
            try await peer.service.start()
            peers.append(peer)
        }
        return peers
    }

    private func allSee(_ peers: [Peer]) async {
        let ids = Set(peers.map(\.id))
        await eventually("all see all", within: .seconds(20)) { peers.allSatisfy { $0.alive == ids } }
    }

    private func router(of peers: [Peer]) async throws -> Peer {
        await eventually("all obey one router, and it has admitted them", within: .seconds(30)) {
            let routers = peers.map { $0.service.currentView.router }
            return Set(routers.map { $0?.id }).count == 1 && routers.allSatisfy { $0?.mode == .quorate }
        }
        let id = try #require(peers[0].service.currentView.router).id
        return try #require(peers.first { $0.id == id })
    }

    private func stop(_ peers: [Peer]) async { for peer in peers { await peer.stop() } }

    private func keyIDs(_ peer: Peer) -> [UInt16] { peer.service.fleetKeys.ids }

    @Test func peersJoinWithTheToken() async throws {
        let peers = try await fleet(["alpha", "beta", "gamma"])
        await allSee(peers)
        _ = try await router(of: peers)
        for peer in peers {
            peer.service.publish(
                models: ModelsReport(available: [AvailableModel(name: "m-\(peer.id.shortHex)", backend: "ollama")]))
        }
        await eventually("all reports are everywhere, over TLS") {
            peers.allSatisfy { peer in
                Set(peer.service.currentView.members.flatMap { $0.models?.available.map(\.name) ?? [] }).count == 3
            }
        }
        for peer in peers {
            let status = try #require(await peer.service.status())
            #expect(!status.openFleet && status.fleetName == "home" && status.fleetTag == ring.fleetTagHex)
            #expect(status.counters.dropped.isEmpty && status.counters.hellosRefused == 0)
            let security = try #require(peer.service.linkSecurity)
            for other in peers where other.id != peer.id {
                #expect(security.pins.pin(of: other.id) == other.service.linkSecurity?.pin)
            }
        }
        // A token that joins has version 0; the router's ring takes its place only when the keys differ.
        let keys = try #require(await peers[1].service.fleetKeyStatus())
        #expect(
            keys.members.count == 3 && keys.members.allSatisfy { $0.reachable && $0.keyIDs == ring.keyIDs && $0.lacks.isEmpty })
        await stop(peers)
    }

    @Test func closedAndOpenFleetsOfOneNameDoNotMix() async throws {
        let closed = try await Peer("alpha", ring: ring)
        let open = try await Peer("beta", through: [closed], fleet: "home")
        let stranger = try await Peer("gamma", through: [closed], ring: KeyRing.create(fleet: "home", nowSeconds: 1))
        for peer in [closed, open, stranger] { try await peer.service.start() }
        await eventually("they say why") {
            let first = await open.service.status()?.seeds.first
            let second = await stranger.service.status()?.seeds.first
            return first?.error != nil && second?.state == "refused" && second?.error == "it belongs to another fleet"
        }
        // Even a datagram that is sent by hand is only counted.
        let probe = try ProbeSocket()
        var sealer = DatagramSealer(keys: open.service.fleetKeys, sender: open.id.short)
        let datagram = Datagram(
            sender: open.id.short, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0,
            message: .ping(sequence: 1, target: 0))
        probe.send(sealer.seal(datagram), to: closed.server.endpoint)
        await eventually("counted") { (await closed.service.status()?.counters.dropped["fleet"] ?? 0) > 0 }
        for peer in [closed, open, stranger] { #expect(peer.service.currentView.members.count == 1) }
        await stop([closed, open, stranger])
    }

    @Test func theEndOfTheRoutersProcessIsNoticedOverTLS() async throws {
        let peers = try await fleet(["alpha", "beta", "gamma"])
        await allSee(peers)
        let holder = try await router(of: peers)
        let others = peers.filter { $0.id != holder.id }
        await eventually("the links are verified") {
            for peer in others where await peer.service.status()?.routerLinkOpen != true { return false }
            return true
        }
        await holder.service.vanish()
        await holder.server.die()
        await eventually("another peer is router") {
            others.allSatisfy { peer in peer.service.currentView.router.map { $0.id != holder.id } ?? false }
        }
        for peer in others { #expect(await peer.service.status()?.counters.deathProofs == 1) }
        await stop(others)
    }

    @Test func aPeerWithALostCertificateIsLetInAgain() async throws {
        let peers = try await fleet(["alpha", "beta"])
        await allSee(peers)
        let before = peers[1].service.linkSecurity?.pin
        await peers[1].stop()
        try peers[1].directory.remove("data/identity/link-key.pem")
        let again = try await Peer("beta", ring: nil, directory: peers[1].directory)
        #expect(again.service.linkSecurity?.pin != before && again.id == peers[1].id)
        try await again.service.start()
        await allSee([peers[0], again])
        await eventually("the new certificate is known") {
            peers[0].service.linkSecurity?.pins.pin(of: again.id) == again.service.linkSecurity?.pin
        }
        await stop([peers[0], again])
    }

    // MARK: Strangers

    /// What a stranger gets: with a certificate of its own making, without the key.
    private func ask(_ peer: Peer, _ path: String, body: [UInt8] = [], token: String? = nil, as links: LinkSecurity) async
        -> LinkFailure?
    {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let call = LinkCall(
            method: .POST, path: path, headers: token.map { [(LinkCall.fleetHeader, $0)] } ?? [], body: body, answerLimit: 10_000)
        do {
            _ = try await loop.flatSubmit {
                call.perform(at: peer.server.endpoint, on: loop, links: links, trust: .provisional)
            }.get()
            return nil
        } catch {
            return LinkFailure(error)
        }
    }

    @Test func aStrangerGetsNothingBut403() async throws {
        let peers = try await fleet(["alpha", "beta"])
        await allSee(peers)
        let directory = try TestDirectory()
        try directory.makeFolder("x")
        let stranger = try LinkSecurity(LinkCertificate.open(folder: directory.file("x"), peer: PeerID(short: 66, low: 66)))
        let stolen = peers[1].service.linkToken
        let record = MemberRecord(
            id: PeerID(short: 66, low: 66), generation: 1, incarnation: 0, status: .alive, endpoint: peers[1].server.endpoint,
            candidacy: Candidacy(), pin: stranger.pin)
        let guessed = FleetKeys.open(fleet: "home")
        let forged = Hello(record: record, nonce: [UInt8](repeating: 0, count: 16)).sealed(
            .hello, key: guessed.active, fleetTag: ring.fleetTag)
        for (path, body) in [
            ("/herd/v1/sync", []), ("/herd/v1/keys", [1]), ("/herd/v1/hello", []), ("/herd/v1/hello", forged ?? []),
            ("/herd/v1/hello", [UInt8](repeating: 0x53, count: 5_000)),
        ] {
            for token in [nil, "", stolen, guessed.active.linkToken(pin: stranger.pin)] {
                #expect(await ask(peers[0], path, body: body, token: token, as: stranger) == .status(403), "\(path)")
            }
        }
        #expect(await peers[0].service.status()?.counters.hellosRefused ?? 0 > 0)
        #expect(peers[0].service.currentView.members.count == 2)
        await stop(peers)
    }

    @Test func somebodyInTheMiddleIsNotBelieved() async throws {
        // An address answers with TLS, passes a true hello on, and shows its own certificate.
        let peers = try await fleet(["alpha"])
        let directory = try TestDirectory()
        try directory.makeFolder("x")
        let middle = try LinkSecurity(LinkCertificate.open(folder: directory.file("x"), peer: PeerID(short: 66, low: 66)))
        let own = try LinkCertificate.open(folder: directory.file("x"), peer: PeerID(short: 67, low: 67))
        let caller = try LinkSecurity(own)
        let keys = FleetKeys(ring)
        let nonce = [UInt8](repeating: 5, count: 16)
        let record = MemberRecord(
            id: PeerID(short: 67, low: 67), generation: 1, incarnation: 0, status: .alive, endpoint: peers[0].server.endpoint,
            candidacy: Candidacy(), pin: caller.pin)
        let hello = try #require(Hello(record: record, nonce: nonce).sealed(.hello, key: keys.active, fleetTag: keys.tag))
        // The true caller's sealed hello over the connection of the one in the middle.
        await #expect(throws: MeshLinkError.wrongCertificate) {
            try await peers[0].service.handleHello(body: hello, pin: middle.pin, remote: nil)
        }
        let answer = try await peers[0].service.handleHello(body: hello, pin: caller.pin, remote: nil)
        let pin = try #require(peers[0].service.linkSecurity).pin
        #expect(throws: MeshLinkError.wrongCertificate) {
            try Hello.open(answer, .helloAnswer, keys: keys, pin: middle.pin, context: nonce)
        }
        #expect(throws: MeshLinkError.unreadable) {
            try Hello.open(answer, .helloAnswer, keys: keys, pin: pin, context: [UInt8](repeating: 6, count: 16))
        }
        #expect(try Hello.open(answer, .helloAnswer, keys: keys, pin: pin, context: nonce).hello.record.id == peers[0].id)
        await stop(peers)
    }

    @Test func hellosOfStrangersAreBounded() async throws {
        let peers = try await fleet(["alpha"])
        var busy = 0
        for _ in 0..<400 {
            do { _ = try await peers[0].service.handleHello(body: [1], pin: nil, remote: nil) } catch MeshLinkError.busy {
                busy += 1
            } catch {}
        }
        #expect(busy > 100)
        await stop(peers)
    }

    // MARK: Rotation

    @Test func theKeysRotateAndOneThatWasStoppedComesBack() async throws {
        let peers = try await fleet(["alpha", "beta", "gamma"])
        await allSee(peers)
        let holder = try await router(of: peers)
        let away = try #require(peers.last { $0.id != holder.id })
        let stays = peers.filter { $0.id != away.id }
        let asked = try #require(stays.first { $0.id != holder.id })
        await away.stop()
        await eventually("it has left") { stays.allSatisfy { $0.service.currentView.member(away.id)?.status == .left } }
        // Asked of a peer that is not router: it asks the router.
        try await asked.service.rotateKeys(revoking: nil, force: false)
        await eventually("both use the new key", within: .seconds(20)) {
            stays.allSatisfy { keyIDs($0).count == 2 && keyIDs($0) == keyIDs(holder) && keyIDs($0)[1] == ring.active.id }
        }
        await eventually("it is over") { await holder.service.fleetKeyStatus()?.rotating == false }
        #expect(KeyRing.isOnDisk(keyIDs(holder), asked))
        // With the old key alone.
        let again = try await Peer("gamma", directory: away.directory)
        #expect(keyIDs(again) == [ring.active.id])
        try await again.service.start()
        await eventually("it has the new key", within: .seconds(30)) { keyIDs(again) == keyIDs(holder) }
        await allSee(stays + [again])
        await stop(stays + [again])
    }

    @Test func whoIsShutOutStaysOut() async throws {
        let peers = try await fleet(["alpha", "beta", "gamma"])
        await allSee(peers)
        let holder = try await router(of: peers)
        let out = try #require(peers.last { $0.id != holder.id })
        let stays = peers.filter { $0.id != out.id }
        await #expect(throws: KeyRotationError.isRouter(try #require(holder.service.currentView.me).name)) {
            try await holder.service.rotateKeys(revoking: holder.id, force: false)
        }
        await #expect(throws: KeyRotationError.unknownPeer(PeerID(short: 1, low: 1).hex)) {
            try await holder.service.rotateKeys(revoking: PeerID(short: 1, low: 1), force: false)
        }
        try await holder.service.rotateKeys(revoking: out.id, force: false)
        await eventually("the old key is gone", within: .seconds(45)) {
            stays.allSatisfy { keyIDs($0).count == 1 && keyIDs($0) == keyIDs(holder) && keyIDs($0) != ring.keyIDs }
        }
        #expect(keyIDs(out) == ring.keyIDs, "it got nothing")
        for peer in stays {
            #expect(!peer.service.admitsLink(out.service.linkToken, pin: out.service.linkSecurity?.pin))
            #expect(await peer.service.fleetKeyStatus()?.revoked == [out.id.hex])
        }
        await eventually("it is out of sight", within: .seconds(30)) {
            stays.allSatisfy { ($0.service.currentView.member(out.id)?.status ?? .unreachable) == .unreachable }
        }
        await eventually("it is told what to do", within: .seconds(30)) {
            await out.service.fleetKeyStatus()?.advice?.contains("join again") ?? false
        }
        await stop(peers)
    }

    @Test func theFileIsReadAgain() async throws {
        let peer = try #require(try await fleet(["alpha"]).first)
        let file = KeyRingFile(dataDirectory: peer.directory.file("data"))
        let next = try ring.installingNewKey(nowSeconds: 9)
        try file.save(next)
        await eventually("taken") { keyIDs(peer).contains(next.keyIDs[1]) }
        try file.save(try KeyRing.create(fleet: "home", nowSeconds: 1))
        await eventually("another fleet's keys are not taken") {
            await peer.service.fleetKeyStatus()?.advice?.contains("another fleet") ?? false
        }
        try peer.directory.write("{", to: "data/identity/fleet-keys.json")
        await eventually("damage is told") {
            await peer.service.fleetKeyStatus()?.advice?.contains("fleet-keys.json") ?? false
        }
        #expect(keyIDs(peer).contains(next.keyIDs[1]))
        await peer.stop()
        let open = try await Peer("beta", fleet: "home")
        try await open.service.start()
        try KeyRingFile(dataDirectory: open.directory.file("data")).save(ring)
        await eventually("an open peer asks for a restart") {
            await open.service.fleetKeyStatus()?.advice?.contains("restart") ?? false
        }
        await #expect(throws: KeyRotationError.openFleet) { try await open.service.rotateKeys(revoking: nil, force: true) }
        await open.stop()
    }

    /// A command that hangs with the file's lock must not hold up the loop on which everything of the mesh runs.
    @Test func aPeerDoesNotWaitForTheLockOfTheFile() async throws {
        let peer = try #require(try await fleet(["alpha"]).first)
        let lock = try KeyRingFile(dataDirectory: peer.directory.file("data")).lock()
        await #expect { try await peer.service.rotateKeys(revoking: nil, force: true) } throws: { "\($0)".contains("try again") }
        #expect(keyIDs(peer) == ring.keyIDs)
        KeyRingFile.unlock(lock)
        try await peer.service.rotateKeys(revoking: nil, force: true)
        await eventually("another key is in use") {
            keyIDs(peer).first != ring.keyIDs.first && KeyRing.isOnDisk(keyIDs(peer), peer)
        }
        await peer.stop()
    }
}

extension KeyRing {
    fileprivate static func isOnDisk(_ ids: [UInt16], _ peer: Peer) -> Bool {
        (try? KeyRingFile(dataDirectory: peer.directory.file("data")).load())?.keyIDs == ids
    }
}
