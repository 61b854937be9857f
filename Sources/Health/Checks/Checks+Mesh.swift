extension Checks {
    /// Without a router for so long, seconds: an election takes three.
    static let withoutRouter = 10.0
    /// After so long requests that wait in its queue have given up, seconds.
    static let longWithoutRouter = 60.0
    /// Changes of the router in ten minutes that are no accident.
    static let flapping = 3
    /// A clock that is off by so much mixes up the order of traces, seconds.
    static let clockOff = 2.0
    /// One that is off by so much spoils daily limits and retention, seconds.
    static let clockFarOff = 30.0

    /// `no_router`, `router_flapping`, `partition_suspected`, `open_fleet`, `peer_clock_drift`, `discovery_blind`,
    /// `state_not_writable`, `name_clash`.
    static func mesh(_ facts: HealthFacts) -> [Finding] {
        let mesh = facts.mesh
        return [
            noRouter(mesh), flappingRouter(mesh), partition(facts), open(mesh), clocks(facts), blind(facts), unwritable(mesh),
            clash(mesh),
        ].compactMap(\.self)
    }

    private static func noRouter(_ mesh: MeshHealth) -> Finding? {
        guard mesh.router == nil, mesh.unchangedSeconds >= withoutRouter else { return nil }
        return Finding(
            "no_router", mesh.unchangedSeconds >= longWithoutRouter ? .critical : .warning, title: "No router",
            description: "The fleet has had no router for \(text(mesh.unchangedSeconds)) s. Requests are served; the queue of a "
                + "full fleet, pulls, pins and settings wait for one.",
            fix: "Look whether more than half of the peers that see each other can be reached on their mesh ports.",
            data: ["without_router_s": .tenth(mesh.unchangedSeconds)])
    }

    private static func flappingRouter(_ mesh: MeshHealth) -> Finding? {
        guard mesh.routerChanges >= flapping else { return nil }
        return Finding(
            "router_flapping", .warning, title: "The router changes often",
            description: "The router changed \(mesh.routerChanges) times in ten minutes.",
            fix: "Look for a node whose network comes and goes; give a steady one a higher --router-priority.",
            data: ["changes_10m": .whole(mesh.routerChanges), "router": mesh.router.map { .text($0) } ?? .null])
    }

    private static func partition(_ facts: HealthFacts) -> Finding? {
        let mesh = facts.mesh
        let lost = mesh.roster.filter { name in facts.nodes.first { $0.name == name }.map { $0.status == .offline } ?? true }
        let half = !mesh.roster.isEmpty && lost.count * 2 >= mesh.roster.count
        let isDegraded = mesh.isDegraded && mesh.unchangedSeconds >= withoutRouter
        let others = Set(facts.digests.compactMap(\.router))
        let differs = others.count > 1 && mesh.unchangedSeconds >= withoutRouter
        guard half || isDegraded || differs else { return nil }
        return Finding(
            "partition_suspected", .warning, title: "The fleet may be parted",
            description: differs
                ? "Peers obey \(others.count) different routers."
                : "\(lost.count) of \(mesh.roster.count) peers that belong to the fleet are out of sight"
                    + (lost.isEmpty ? "." : ": \(words(lost))."),
            fix: "If they run, look at the network between them. If they are gone for good, `herd-peer fleet revoke` or seven "
                + "days take them out.",
            data: [
                "unreachable": .texts(lost), "roster": .whole(mesh.roster.count),
                "mode": mesh.isDegraded ? "degraded" : "quorate",
                "routers": .whole(others.count),
            ])
    }

    private static func open(_ mesh: MeshHealth) -> Finding? {
        guard mesh.isOpen else { return nil }
        return Finding(
            "open_fleet", .warning, title: "Anyone on the network can join",
            description: "The fleet '\(mesh.fleet)' has no key: whoever knows its name can use it, join it and read its traffic.",
            fix: "`herd-peer fleet init` on one machine, then `herd-peer fleet join` on the others.",
            data: ["fleet": .text(mesh.fleet)])
    }

    private static func clocks(_ facts: HealthFacts) -> Finding? {
        let off = facts.digests.compactMap { digest in digest.clockAhead.map { (digest.node, $0, abs($0) - digest.clockError) } }
            .filter { $0.2 >= clockOff }
        guard let worst = off.map(\.2).max() else { return nil }
        return Finding(
            "peer_clock_drift", worst >= clockFarOff ? .warning : .info, title: "Clocks differ",
            description: words(off.map { "\($0.0) is \(text(abs($0.1))) s \($0.1 > 0 ? "ahead" : "behind")" })
                + ". The order of traces and daily limits go by these clocks; elections do not.",
            fix: "Switch on time synchronisation there (systemd-timesyncd, chrony).",
            data: ["nodes": .list(off.map { .object(["node_id": .text($0.0), "ahead_s": .tenth($0.1)]) })])
    }

    private static func blind(_ facts: HealthFacts) -> Finding? {
        guard facts.settings.usesMDNS else { return nil }
        let mesh = facts.mesh
        switch mesh.discovery {
        case .off, .connecting:
            return nil
        case .noBus, .noDaemon:
            return Finding(
                "discovery_blind", .warning, title: "mDNS does not work",
                description: mesh.discoveryWords, fix: "Install and start avahi-daemon, or name a peer with --router-url.",
                data: ["state": .text(mesh.discovery.rawValue)])
        case .running:
            guard mesh.membersByMDNS == 0, mesh.membersByOthers > 0 else { return nil }
            return Finding(
                "discovery_blind", .info, title: "mDNS shows nobody",
                description: "All \(mesh.membersByOthers) other peers were found by other ways than mDNS.",
                fix: "Let UDP port 5353 and multicast through, if the peers share a network.",
                data: ["state": .text(mesh.discovery.rawValue)])
        }
    }

    private static func unwritable(_ mesh: MeshHealth) -> Finding? {
        guard let problem = mesh.storageProblem else { return nil }
        return Finding(
            "state_not_writable", .critical, title: "The peer's state cannot be written",
            description: "\(problem). Until it can, this peer takes part in no election; it serves as before.",
            fix: "Make room on the disk of the data directory, or give the user the right to write there.")
    }

    private static func clash(_ mesh: MeshHealth) -> Finding? {
        guard let name = mesh.nameClash else { return nil }
        return Finding(
            "name_clash", .warning, title: "Two nodes have one name", description: "Another node is called '\(name)', too.",
            fix: "Give each its own --node-id.", data: ["node_id": .text(name)])
    }
}
