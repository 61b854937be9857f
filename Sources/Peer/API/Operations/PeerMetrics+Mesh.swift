import Gossip

extension PeerMetrics {
    /// Who is there and how fresh what is known of them is.
    static func addMembers(to page: inout PrometheusText, _ view: FleetView, _ mesh: MeshFigures, now: Instant) {
        page.add(
            "herd_members", .gauge, help: "Members of the mesh by status, this peer included.",
            samples: [MemberStatus.alive, .suspect, .unreachable, .left, .asleep].map { status in
                ([("status", status.rawValue)], Double(view.members.count { $0.status == status }))
            })
        page.add(
            "herd_member_silence_seconds", .gauge, help: "Time since a member was last heard.",
            samples: view.members.compactMap { member in
                guard member.id != view.selfID, member.status != .left, let heard = member.lastHeard else { return nil }
                let silence = mesh.silenceMilliseconds[member.id.hex] ?? (now - heard).wholeMilliseconds
                return ([("node", member.name)], Double(silence) / 1_000)
            })
        page.add(
            "herd_member_report_age_seconds", .gauge, help: "Age of what a member last said of its load.",
            samples: view.members.compactMap { member in
                guard member.id != view.selfID, member.status != .left, member.hot != nil else { return nil }
                return ([("node", member.name)], Double(max(0, (now - member.hotMadeAt).wholeMilliseconds)) / 1_000)
            })
        page.add("herd_roster_size", .gauge, help: "Peers over which quorate is counted.", value: Double(mesh.roster.count))
        page.add(
            "herd_seeds", .gauge, help: "Addresses given by --router-url by how they stand.",
            samples: ["joined", "dialling", "refused"].map { state in
                ([("state", state)], Double(mesh.seeds.count { $0.state == state }))
            })
        page.add(
            "herd_datagrams_total", .counter, help: "Datagrams by what became of them.",
            samples: mesh.datagrams.map { ([("outcome", $0.name)], Double($0.count)) })
    }

    /// Who holds the lease, as this peer sees it.
    static func addLease(to page: inout PrometheusText, _ view: FleetView, _ mesh: MeshFigures) {
        page.add(
            "herd_is_router", .gauge, help: "1 while this peer is the router.", value: view.router?.id == view.selfID ? 1 : 0)
        page.add(
            "herd_has_router", .gauge, help: "1 while this peer obeys a router.", value: view.router == nil ? 0 : 1)
        page.add(
            "herd_router_quorate", .gauge, help: "1 while the router that this peer obeys has more than half of the roster.",
            value: view.router?.mode == .quorate ? 1 : 0)
        page.add(
            "herd_router_epoch", .gauge, help: "Epoch of the router that this peer obeys, 0 without one.",
            value: Double(view.router?.epoch ?? 0))
        page.add(
            "herd_generation", .gauge, help: "How often this peer has started with its identity.", value: Double(mesh.generation))
        page.add(
            "herd_storage_writable", .gauge, help: "1 while the folder of the identity can be written.",
            value: mesh.storageWritable ? 1 : 0)
    }

    /// Whether and with which keys the mesh is sealed, and who was not let in.
    static func addSealing(to page: inout PrometheusText, _ mesh: MeshFigures) {
        page.add("herd_open_fleet", .gauge, help: "1 while nothing is sealed and anyone can join.", value: mesh.openFleet ? 1 : 0)
        page.add(
            "herd_fleet_keys", .gauge, help: "Keys of the fleet that this peer has by stage.",
            samples: ["installed", "active", "retiring"].map { stage in
                ([("stage", stage)], Double(mesh.keys.count { $0.stage == stage }))
            })
        page.add(
            "herd_datagrams_refused_total", .counter, help: "Datagrams dropped on arrival by reason.",
            samples: mesh.refused.sorted { $0.key < $1.key }.map { ([("reason", $0.key)], Double($0.value)) })
        page.add(
            "herd_links_refused_total", .counter, help: "Peer links and requests on them that were refused by reason.",
            samples: mesh.refusedLinks.sorted { $0.key < $1.key }.map { ([("reason", $0.key)], Double($0.value)) })
    }
}
