import Discovery
import Gossip

extension MeshCore {
    func status() -> MeshStatus {
        let view = views.current
        let now = clock.boot()
        let discoveryState = discovery?.state ?? .off
        return MeshStatus(
            selfID: selfID.hex, shortID: selfID.shortHex, generation: state.identity.generation,
            name: view.me?.name ?? configuration.name, fleetName: key.name, fleetTag: key.tagHex, openFleet: key.isOpen,
            meshPort: meshPort, phase: "\(phase)",
            router: view.router.map { router in
                MeshStatus.Router(
                    id: router.id.hex, name: view.member(router.id)?.name ?? router.id.shortHex, epoch: router.epoch,
                    mode: router.mode)
            },
            routerLinkOpen: link?.isVerified ?? false,
            members: view.members.map { member(of: $0, now: now) }, seeds: seeds.entries.map { seed(of: $0, now: now) },
            discoveryState: discoveryState.word, discoverySentence: discoveryState.sentence, counters: counters,
            storageWritable: unwritten == nil, storageError: lastStorageError, notes: recentNotes)
    }

    /// Ages are asked of the rules now: a view is replaced only when something changes.
    private func member(of member: MemberView, now: Instant) -> MeshStatus.Member {
        let entry = member.id == selfID ? nil : rules?.memberEntry(member.id)
        return MeshStatus.Member(
            id: member.id.hex, name: member.name, status: member.status, address: member.endpoint.map(AddressText.format),
            ageMilliseconds: entry?.lastHeard.map { max(0, (now - $0).wholeMilliseconds) }, source: member.source,
            udpBlocked: entry?.isUDPBlocked ?? false, inRoster: rules?.rosterPeers.contains(member.id) ?? false,
            protocolVersion: (entry?.protocolRange ?? member.protocolRange)?.upperBound)
    }

    private func seed(of entry: SeedTable.Entry, now: Instant) -> MeshStatus.Seed {
        var seed = MeshStatus.Seed(url: entry.url.text, state: "dialling")
        switch entry.state {
        case .joined(let id, let name):
            seed.state = "joined"
            seed.peerID = id.hex
            seed.name = name
        case .dialling(let error, let nextTry):
            seed.error = error
            seed.nextTryMilliseconds = max(0, (nextTry - now).wholeMilliseconds)
        case .refused(let reason):
            seed.state = "refused"
            seed.error = reason
        }
        return seed
    }
}
