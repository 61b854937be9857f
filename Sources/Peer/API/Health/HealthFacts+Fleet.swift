import Gossip
import Health

extension HealthFacts {
    /// All that the checks look at, as this peer knows it now.
    static func gather(_ facts: PeerFacts, isLocal: Bool = false) async -> (facts: HealthFacts, answer: FleetDigests.Answer) {
        async let answer = FleetDigests(facts: facts).gather(isLocal: isLocal)
        let figures = await facts.mesh()
        let view = facts.view()
        let now = facts.now()
        var found = HealthFacts()
        found.version = facts.version
        found.nodes = view.members.filter { $0.status != .left }.map { member in
            NodeFacts(member, selfID: view.selfID, silence: figures.silenceMilliseconds[member.id.hex], now: now)
        }
        found.settings = facts.health.settings()
        found.mesh = await mesh(facts, view, figures)
        let answered = await answer
        found.digests = answered.digests
        found.missing = answered.missing
        return (found, answered)
    }

    private static func mesh(_ facts: PeerFacts, _ view: FleetView, _ figures: MeshFigures) async -> MeshHealth {
        var mesh = await facts.health.mesh()
        mesh.router = view.router.map { view.member($0.id)?.name ?? $0.id.shortHex }
        mesh.epoch = Int(clamping: view.router?.epoch ?? 0)
        mesh.isDegraded = view.router?.mode == .degraded
        mesh.roster = figures.roster.sorted().map { hex in view.members.first { $0.id.hex == hex }?.name ?? String(hex.prefix(16))
        }
        mesh.isOpen = figures.openFleet
        mesh.fleet = figures.fleet
        let others = view.members.filter { $0.id != view.selfID && $0.status != .left }
        mesh.membersByMDNS = others.count { $0.source == .mdns }
        mesh.membersByOthers = others.count { $0.source != .mdns }
        return mesh
    }
}
