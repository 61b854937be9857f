import Foundation
import Gossip

/// What `/metrics` says. Every name is described in `Documentation/operations.md`.
struct PeerMetrics {
    /// Prometheus' text form.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    let text: String

    init(facts: PeerFacts, mesh: MeshFigures) {
        let view = facts.view()
        let work = facts.work()
        let now = facts.now()
        var page = PrometheusText()
        page.add(
            "herd_build_info", .gauge, help: "The program, always 1.", samples: [([("version", facts.version)], 1)])
        page.add(
            "herd_start_time_seconds", .gauge, help: "When the process started, Unix time.",
            value: facts.startedAt.timeIntervalSince1970.rounded())
        page.add(
            "herd_members", .gauge, help: "Members of the mesh by status, this peer included.",
            samples: [MemberStatus.alive, .suspect, .unreachable, .left, .asleep].map { status in
                ([("status", status.rawValue)], Double(view.members.filter { $0.status == status }.count))
            })
        page.add(
            "herd_member_silence_seconds", .gauge, help: "Time since a member was last heard.",
            samples: view.members.compactMap { member in
                guard member.id != view.selfID, member.status != .left, let heard = member.lastHeard else { return nil }
                let silence = mesh.silenceMilliseconds[member.id.hex] ?? (now - heard).wholeMilliseconds
                return ([("node", member.name)], Double(silence) / 1_000)
            })
        page.add(
            "herd_is_router", .gauge, help: "1 while this peer is the router.", value: view.router?.id == view.selfID ? 1 : 0)
        page.add(
            "herd_router_epoch", .gauge, help: "Epoch of the router that this peer obeys, 0 without one.",
            value: Double(view.router?.epoch ?? 0))
        Self.addSealing(to: &page, mesh)
        page.add(
            "herd_datagrams_total", .counter, help: "Datagrams by what became of them.",
            samples: mesh.datagrams.map { ([("outcome", $0.name)], Double($0.count)) })
        page.add(
            "herd_requests_total", .counter, help: "Inference requests taken from clients by what became of them.",
            samples: work.requests.map { ([("outcome", $0.outcome)], Double($0.count)) })
        page.add(
            "herd_access_refused_total", .counter, help: "Client requests that were not let in by reason.",
            samples: work.refusedAtGate.map { ([("reason", $0.reason)], Double($0.count)) })
        page.add(
            "herd_dispatched_total", .counter, help: "Requests that this peer sent to a node by model and outcome.",
            samples: work.queues.flatMap { queue in
                [("completed", queue.completed), ("failed", queue.failed)].map { outcome, count in
                    ([("node", queue.node), ("model", queue.model), ("outcome", outcome)], Double(count))
                }
            })
        page.add("herd_requests_running", .gauge, help: "Requests on this machine's engines.", value: Double(work.runningHere))
        page.add(
            "herd_requests_waiting", .gauge, help: "Requests waiting for this machine's engines.", value: Double(work.waitingHere)
        )
        page.add("herd_tickets_waiting", .gauge, help: "Requests waiting for any machine.", value: Double(work.ticketsWaiting))
        page.add(
            "herd_relayed_bytes_total", .counter, help: "Bytes of answers sent to clients.", value: Double(work.bytesRelayed))
        page.add(
            "herd_traces_dropped_total", .counter, help: "Trace rows lost because the writer was behind.",
            value: Double(work.tracesDropped))
        text = page.text
    }

    /// Whether and with which keys the mesh is sealed, and who was not let in.
    private static func addSealing(to page: inout PrometheusText, _ mesh: MeshFigures) {
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
