import Gossip
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

extension MeshCore {
    /// Does what the seeds say.
    func run(_ actions: [SeedAction]) {
        for action in actions {
            switch action {
            case .resolve(let seed, let host): resolve(seed, host)
            case .ask(let seed, let endpoint): ask(seed, endpoint)
            case .candidate(let endpoint, let expected): apply(.candidate(endpoint, source: .seed, expected: expected))
            case .changed(let seed): tell(seed)
            }
        }
        arm()
    }

    private func feed(_ event: SeedEvent) {
        guard phase == .running else { return }
        run(seeds.handle(event, now: clock.boot()))
        // The peer that has just named itself may be a member already.
        if case .facts = event { compareSeeds(with: views.current) }
    }

    private func resolve(_ seed: Int, _ host: String) {
        resolver.runIfActive(eventLoop: loop) { NameLookup.addresses(of: host) }
            .assumeIsolated()
            .whenComplete { [weak self] result in
                switch result {
                case .success(.success(let addresses)): self?.feed(.resolved(seed: seed, addresses))
                case .success(.failure(let failure)): self?.feed(.resolveFailed(seed: seed, failure.reason))
                case .failure(let error): self?.feed(.resolveFailed(seed: seed, "\(error)"))
                }
            }
    }

    private func ask(_ seed: Int, _ endpoint: Endpoint) {
        askForFacts(endpoint)
            .assumeIsolated()
            .whenComplete { [weak self] result in
                switch result {
                case .success(let body):
                    if let facts = MeshFacts(json: body) {
                        self?.feed(.facts(seed: seed, facts, from: endpoint.address))
                    } else {
                        self?.feed(
                            .factsFailed(seed: seed, "\(AddressText.format(endpoint)) is no herd-peer: \(LinkFailure.malformed)"))
                    }
                case .failure(let error):
                    self?.feed(.factsFailed(seed: seed, "\(AddressText.format(endpoint)): \(LinkFailure(error))"))
                }
            }
    }

    /// One log line per change of a seed's state.
    private func tell(_ seed: Int) {
        let entry = seeds.entries[seed]
        let url: Logger.MetadataValue = "\(entry.url)"
        switch entry.state {
        case .joined(let id, let name):
            logger.info("joined through a seed", metadata: ["seed.url": url, "peer.id": "\(id)", "node.id": "\(name)"])
        case .dialling(let error, _):
            logger.info("a seed is not reached; it is tried again", metadata: ["seed.url": url, "reason": "\(error ?? "")"])
        case .refused(let reason):
            logger.warning("a seed cannot be joined", metadata: ["seed.url": url, "reason": "\(reason)"])
        }
    }

    /// Tells the seeds who is alive.
    func compareSeeds(with view: FleetView) {
        guard !seeds.entries.isEmpty else { return }
        let alive = view.members.compactMap { member -> SeedMember? in
            guard member.id != selfID, member.status == .alive || member.status == .suspect, let endpoint = member.endpoint else {
                return nil
            }
            return SeedMember(id: member.id, endpoint: endpoint, name: member.name)
        }
        feed(.members(alive))
    }

    /// mDNS saw something.
    func discovered(_ event: DiscoveryNews) {
        guard phase == .running else { return }
        switch event {
        case .sighted(let fleetTag, let shortID, let endpoints):
            guard shortID != selfID.short else { return }
            guard fleetTag == key.tagHex else {
                counters.foreignSightings += 1
                return
            }
            guard sightings.spend(now: clock.boot()) else { return }
            for endpoint in endpoints { apply(.candidate(endpoint, source: .mdns, expected: shortID)) }
        case .vanished(let shortID):
            guard shortID != selfID.short, sightings.spend(now: clock.boot()) else { return }
            apply(.farewellHint(shortID: shortID))
        }
    }
}
