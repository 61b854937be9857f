import Discovery
import Gossip
import Logging
import NIOCore
import NIOPosix

extension MeshCore {
    /// Opens the sockets, starts the rules, dials what is known. Tells what others are to be told.
    func start() throws(MeshStartError) -> Announcement {
        guard phase == .new else { throw .alreadyStarted }
        try openSockets()
        phase = .running
        let now = clock.boot()
        startedAt = now
        tickDue = now + Self.tick
        resume = ResumeDetector(boot: now, monotonic: clock.monotonic(), tickDue: tickDue)
        link = RouterLink(
            loop: loop, clock: clock, security: state.linkSecurity, token: { [keyBox] in keyBox.linkToken }
        ) { [weak self] peer in
            guard let self else { return }
            self.counters.deathProofs += 1
            self.logger.info("the router's process has ended", metadata: ["peer.id": "\(peer)"])
            self.apply(.processDied(peer))
        }
        let bound = sockets.map(\.local.address)
        if configuration.advertisedAddress == nil, bound.allSatisfy(\.isUnspecified) {
            addressWatch = AddressWatch(bound: bound, current: OwnAddress.pick(bound: bound), now: now)
        }
        startRules(remembered: loadPeers(), now: now)
        for socket in sockets {
            socket.startReading(on: loop) { [weak self] buffer, endpoint in self?.received(buffer, from: endpoint) }
        }
        run(seeds.handle(.wake, now: now))
        logStart()
        return announcement
    }

    /// What mDNS tells of this peer.
    var announcement: Announcement {
        Announcement(
            hostName: configuration.name, shortID: selfID.shortHex, fleetTag: key.tagHex, meshPort: meshPort,
            protocolVersion: SeedTable.protocolVersion)
    }

    /// Makes the rules for the identity as it is now and tells them what this peer is.
    func startRules(remembered: [RememberedPeer], now: Instant) {
        let address =
            configuration.advertisedAddress ?? addressWatch?.current ?? OwnAddress.pick(bound: sockets.map(\.local.address))
        let selfRecord = MemberRecord(
            id: selfID, generation: state.identity.generation, incarnation: 0, status: .alive,
            endpoint: Endpoint(address, port: meshPort), candidacy: candidacy)
        rules = makeRules(
            RulesSetup(
                configuration: configuration.rules, selfRecord: selfRecord, durable: state.durable, remembered: remembered,
                seed: selfID.low ^ UInt64(state.identity.generation), now: now))
        tellCredentials()
        restoreSettings()
        tellOwnRecords()
        viewDirty = true
        flushViewIfDue()
    }

    /// What was published before the start.
    private func tellOwnRecords() {
        if let ownHot { apply(.hot(ownHot)) }
        if let ownModels { apply(.cold(.models, payload: ownModels)) }
        fixedPayload = nil
        publishFixed()
    }

    /// All families get the same port. One family that cannot be had is a warning, a port that is taken stops the start.
    private func openSockets() throws(MeshStartError) {
        var port = configuration.meshPort
        var opened: [DatagramSocket] = []
        var failure: MeshStartError?
        for address in configuration.bindAddresses {
            let endpoint = Endpoint(address, port: port)
            do throws(MeshStartError) {
                let socket = try DatagramSocket(binding: endpoint)
                port = socket.local.port
                opened.append(socket)
            } catch {
                if error.isPortTaken { throw error }
                failure = failure ?? error
                logger.debug("an address family cannot be used", metadata: ["error": "\(error)"])
            }
        }
        guard !opened.isEmpty else { throw failure ?? .noAddress }
        sockets = opened
    }

    private func logStart() {
        for notice in state.identity.notices { tell(notice) }
        logger.notice(
            "mesh started",
            metadata: [
                "peer.id": "\(selfID.hex)", "peer.generation": "\(state.identity.generation)", "mesh.port": "\(meshPort)",
                "fleet.name": "\(key.name)", "fleet.tag": "\(key.tagHex)",
            ])
        if key.isOpen { logger.warning("this is an open fleet: anyone on the network who knows its name can join") }
    }

    private func tell(_ notice: IdentityNotice) {
        switch notice {
        case .created:
            logger.info("a new identity was made", metadata: ["peer.id": "\(selfID.hex)"])
        case .cloned(let old):
            logger.warning(
                "the identity files come from another machine (a cloned disk?): a new identity was made",
                metadata: ["peer.id": "\(selfID.hex)", "peer.id.before": "\(old.hex)"])
        case .corrupt(let file, let target):
            logger.error(
                "an identity file is damaged or missing: it was moved aside and a new identity was made",
                metadata: ["path": "\(file)", "moved.to": "\(target)", "peer.id": "\(selfID.hex)"])
        case .generationsUsedUp(let old):
            logger.warning("the boot counter was used up: a new identity was made", metadata: ["peer.id.before": "\(old.hex)"])
        case .twin: break  // Said when it happened.
        }
    }

    /// Says goodbye: hands over, gives grants back, writes `peers.json`.
    ///
    /// For `Self.farewellTime` the rules still hear the answers, so that a grant that was given back is known to be and the next
    /// start has nothing to wait out.
    func stop() -> EventLoopFuture<Void> {
        guard phase == .running else {
            phase = .stopped
            return loop.makeSucceededVoidFuture()
        }
        noticeResume()
        drainQueue()
        isStopping = true
        sayFarewell(.shutdown)
        makeView(now: clock.boot())
        link?.follow(nil)
        let now = clock.boot()
        do {
            try peersFile.save(peersEntries(now: now), nowMilliseconds: clock.wallMilliseconds(), durable: false)
        } catch {
            logger.warning("the remembered peers cannot be written", metadata: ["error": "\(error)"])
        }
        let done = loop.makePromise(of: Void.self)
        loop.assumeIsolated().scheduleTask(in: Self.farewellTime) {
            self.phase = .stopped
            self.timer?.cancel()
            for socket in self.sockets { socket.close() }
            self.sockets = []
            self.state.unlock()
            self.logger.notice("mesh stopped")
            done.succeed()
        }
        return done.futureResult
    }

    /// Stops as a crash does: no goodbye, nothing written.
    func vanish() {
        phase = .stopped
        timer?.cancel()
        link?.follow(nil)
        for socket in sockets { socket.close() }
        sockets = []
        state.unlock()
    }
}
