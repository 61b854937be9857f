import Gossip
import Testing

@testable import Mesh

/// Whole peers with the real rules over loopback.
@Suite(.serialized) struct MeshTests {
    /// Three peers, the second and third joining through the first.
    private func trio(_ names: [String] = ["alpha", "beta", "gamma"]) async throws -> [Peer] {
        let first = try await Peer(names[0])
        try await first.service.start()
        var peers = [first]
        for name in names.dropFirst() {
            let peer = try await Peer(name, through: [first])
            try await peer.service.start()
            peers.append(peer)
        }
        return peers
    }

    private func allSee(_ peers: [Peer]) async {
        let ids = Set(peers.map(\.id))
        await eventually("all see all") { peers.allSatisfy { $0.alive == ids } }
    }

    private func oneRouter(_ peers: [Peer]) async {
        await eventually("all obey one router") {
            let routers = peers.map { $0.service.currentView.router }
            return routers.allSatisfy { $0 != nil } && Set(routers.map { $0?.id }).count == 1
                && Set(routers.map { $0?.epoch }).count == 1
        }
    }

    private func stop(_ peers: [Peer]) async { for peer in peers { await peer.stop() } }

    @Test func threePeersJoinThroughASeedAndHaveOneRouter() async throws {
        let peers = try await trio()
        for (number, peer) in peers.enumerated() {
            var hot = HotReport()
            hot.inFlight = UInt16(number + 1)
            peer.service.publish(hot: hot)
            peer.service.publish(models: ModelsReport(available: [AvailableModel(name: "m\(number)", backend: "ollama")]))
            var fixed = StaticReport(name: ["alpha", "beta", "gamma"][number])
            fixed.cores = number + 1
            peer.service.publish(fixed: fixed)
        }
        await allSee(peers)
        await oneRouter(peers)
        await eventually("all reports are everywhere") {
            peers.allSatisfy { peer in
                let members = peer.service.currentView.members
                return Set(members.compactMap { $0.hot?.inFlight }) == [1, 2, 3]
                    && Set(members.map(\.name)) == ["alpha", "beta", "gamma"]
                    && Set(members.flatMap { $0.models?.available.map(\.name) ?? [] }) == ["m0", "m1", "m2"]
                    && Set(members.compactMap { $0.fixed?.cores }) == [1, 2, 3]
            }
        }
        await eventually("the seeds are joined") {
            for peer in peers.dropFirst() {
                guard let seed = await peer.service.status()?.seeds.first, seed.state == "joined", seed.peerID == peers[0].id.hex
                else {
                    return false
                }
            }
            return true
        }
        let status = try #require(await peers[1].service.status())
        #expect(status.openFleet && status.generation == 1 && status.members.count == 3 && status.storageWritable)
        #expect(status.members.first { $0.id == peers[0].id.hex }?.source == .seed)
        #expect(status.members.filter { $0.ageMilliseconds != nil }.count == 2)
        #expect(status.counters.dropped.isEmpty && status.counters.syncsFailed == 0)
        await stop(peers)
    }

    @Test func commandsAreFenced() async throws {
        let peers = try await trio()
        await oneRouter(peers)
        await allSee(peers)
        let router = try #require(peers[0].service.currentView.router)
        let holder = try #require(peers.first { $0.id == router.id })
        for peer in peers where peer.id != router.id {
            await eventually("granted") { await peer.service.admits(epoch: router.epoch, router: router.id) }
            #expect(await !peer.service.admits(epoch: router.epoch + 1, router: router.id))
            #expect(await !peer.service.admits(epoch: router.epoch, router: peer.id))
            await eventually("may command") { await holder.service.mayCommand(peer.id) != nil }
            #expect(await peer.service.mayCommand(router.id) == nil)
        }
        await stop(peers)
    }

    @Test func aRouterThatIsStoppedHandsOver() async throws {
        let peers = try await trio()
        await allSee(peers)
        await oneRouter(peers)
        let router = try #require(peers[0].service.currentView.router)
        let holder = try #require(peers.first { $0.id == router.id })
        let others = peers.filter { $0.id != router.id }
        let started = ContinuousClock.now
        await holder.service.shutdown()
        #expect(ContinuousClock.now - started < .seconds(10))
        await eventually("another peer is router") {
            others.allSatisfy { peer in
                peer.service.currentView.router.map { $0.id != router.id && $0.epoch > router.epoch } ?? false
            }
        }
        await eventually("it has left") { others.allSatisfy { $0.service.currentView.member(router.id)?.status == .left } }
        #expect(holder.directory.read("data/identity/lease.json")?.contains("\"cleanExit\" : true") == true)
        await stop(peers)
    }

    @Test func theEndOfTheRoutersProcessIsNoticedAtOnce() async throws {
        let peers = try await trio()
        await allSee(peers)
        await oneRouter(peers)
        let router = try #require(peers[0].service.currentView.router)
        let holder = try #require(peers.first { $0.id == router.id })
        let others = peers.filter { $0.id != router.id }
        await eventually("the links are verified") {
            for peer in others where await peer.service.status()?.routerLinkOpen != true { return false }
            return true
        }
        await holder.service.vanish()
        await holder.server.die()
        await eventually("another peer is router") {
            others.allSatisfy { peer in peer.service.currentView.router.map { $0.id != router.id } ?? false }
        }
        for peer in others { #expect(await peer.service.status()?.counters.deathProofs == 1) }
        await stop(others)
    }

    @Test func aRestartedPeerFindsTheOthersFromDisk() async throws {
        let peers = try await trio()
        await allSee(peers)
        await peers[2].stop()
        #expect(peers[2].directory.read("data/peers.json")?.contains(peers[1].id.hex) == true)
        // Without a seed: only peers.json knows the way. It comes back under another port and a new generation.
        let before = peers[2].id
        let again = try await Peer("gamma", directory: peers[2].directory)
        #expect(again.id == before && again.service.identity.generation == 2)
        try await again.service.start()
        await allSee([peers[0], peers[1], again])
        #expect(again.service.currentView.member(peers[0].id)?.source == .remembered)
        await stop([peers[0], peers[1], again])
    }

    @Test func fleetsDoNotMix() async throws {
        let first = try await Peer("alpha", fleet: "one")
        let second = try await Peer("beta", through: [first], fleet: "two")
        try await first.service.start()
        try await second.service.start()
        await eventually("the seed is refused") {
            let seed = await second.service.status()?.seeds.first
            return seed?.state == "refused" && seed?.error == "it belongs to another fleet"
        }
        #expect(first.service.currentView.members.count == 1 && second.service.currentView.members.count == 1)
        await stop([first, second])
    }

    @Test func aSeedThatComesUpLaterIsJoined() async throws {
        let late = try await Peer("late")
        let early = try await Peer("early", through: [late])
        try await early.service.start()
        await eventually("it says why it waits") {
            let seed = await early.service.status()?.seeds.first
            return seed?.state == "dialling" && seed?.error != nil
        }
        try await late.service.start()
        await allSee([late, early])
        await stop([late, early])
    }

    @Test func theSecondOfANameTakesASuffix() async throws {
        let peers = try await trio(["ubuntu", "ubuntu", "ubuntu"])
        await allSee(peers)
        await eventually("the names are apart") {
            peers.allSatisfy { peer in
                let view = peer.service.currentView
                return Set(view.members.map(\.name)).count == 3
                    && peers.allSatisfy { other in view.member(other.id)?.name == other.service.currentView.me?.name }
                    && view.members.contains { $0.name == "ubuntu" }
            }
        }
        for peer in peers {
            let name = try #require(peer.service.currentView.me?.name)
            #expect(name == "ubuntu" || name == "ubuntu-\(peer.id.shortHex.prefix(4))")
        }
        let keeper = try #require(peers.first { $0.service.currentView.me?.name == "ubuntu" })
        // Stable: the name does not come back when the first one goes, nor with a new report.
        let renamed = peers.filter { $0.id != keeper.id }
        await keeper.stop()
        await eventually("it has left") { renamed.allSatisfy { $0.service.currentView.member(keeper.id)?.status == .left } }
        for peer in renamed {
            peer.service.publish(fixed: StaticReport(name: "ubuntu"))
            #expect(await peer.service.status()?.name == "ubuntu-\(peer.id.shortHex.prefix(4))")
        }
        await stop(renamed)
    }

    @Test func aSleepingRouterStepsDown() async throws {
        let peers = try await trio()
        await allSee(peers)
        await oneRouter(peers)
        let router = try #require(peers[0].service.currentView.router)
        let holder = try #require(peers.first { $0.id == router.id })
        holder.clock.sleep(.seconds(60))
        await eventually("it says so") {
            await holder.service.status()?.notes.contains { $0.text.hasPrefix("step-down") } ?? false
        }
        await oneRouter(peers)
        await stop(peers)
    }
}
