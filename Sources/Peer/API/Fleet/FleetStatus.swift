import Foundation
import Gossip

/// The answer of `GET /fleet/status`: ollama-herd's shape, and the mesh.
struct FleetStatus: Encodable {
    /// Sums over the fleet.
    struct Fleet: Encodable {
        let nodes_total: Int
        let nodes_online: Int
        let models_loaded: Int
        let requests_active: Int
    }

    /// The mesh as this peer sees it.
    struct MeshBody: Encodable {
        let me: String
        let router: Router?
        let members: [Member]
        let facts: MeshFigures

        func encode(to encoder: any Encoder) throws {
            try facts.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(me, forKey: .me)
            try container.encode(router, forKey: .router)
            try container.encode(members, forKey: .members)
        }

        private enum Key: String, CodingKey {
            case me = "self"
            case router, members
        }
    }

    /// The router that this peer obeys.
    struct Router: Encodable {
        let node_id: String
        let epoch: UInt64
        let mode: RouterMode
    }

    /// A member as `mesh.members` shows it.
    struct Member: Encodable {
        let node_id: String
        let id: String
        /// `alive`, `suspect`, `unreachable` or `left`.
        let status: MemberStatus
        /// Why it is unreachable, where that is known: `asleep`.
        let reason: String?
        let address: String?
        let age_ms: Int64?
        let source: AddressSource?
        /// Links to it are TLS.
        let tls: Bool
        /// Ids of the fleet's keys that it has; none in an open fleet.
        let keys: [UInt16]
        /// Ids of keys in use or installed here that it does not have.
        let lacks: [UInt16]
        /// The highest version of the mesh protocol that it speaks.
        let `protocol`: Int?
        /// Its datagrams travel inside peer links.
        let udp_blocked: Bool
        /// It is one of the peers over which `quorate` is counted.
        let in_roster: Bool

        init(_ member: MemberView, figures: MeshFigures, now: Instant) {
            let link = figures.links[member.id.hex] ?? MeshFigures.Link()
            node_id = member.name
            id = member.id.shortHex
            // Four words, as ever: who reads this may know no fifth.
            status = member.status == .asleep ? .unreachable : member.status
            reason = member.status == .asleep ? MemberStatus.asleep.rawValue : nil
            address = member.endpoint.map(\.description)
            age_ms =
                figures.silenceMilliseconds[member.id.hex] ?? member.lastHeard.map { max(0, (now - $0).wholeMilliseconds) }
            source = member.source
            tls = link.tls
            keys = link.keys
            lacks = link.lacks
            `protocol` = member.protocolRange.map { Int($0.upperBound) }
            udp_blocked = member.isUDPBlocked
            in_roster = figures.roster.contains(member.id.hex)
        }
    }

    /// Who may use this peer's client port.
    struct Access: Encodable {
        /// Client keys are in force.
        let keys_in_force: Bool
        /// Keys that count.
        let keys: Int
        /// Nobody may change anything at this peer.
        let read_only_management: Bool

        init(_ list: ClientKeyList) {
            keys_in_force = list.in_force
            keys = list.keys.count { $0.revoked == nil }
            read_only_management = list.read_only_management
        }
    }

    let fleet: Fleet
    let access: Access
    let nodes: [NodeStatus]
    let queues: [String: QueueStatus]
    let mesh: MeshBody
    let warnings: [String]
    let timestamp: Double

    init(facts: PeerFacts, figures: MeshFigures) {
        let view = facts.view()
        let now = facts.now()
        nodes = view.members.filter { $0.status != .left }.map { NodeStatus(member: $0, selfID: view.selfID) }
        let reachable = view.members.filter { $0.status == .alive || $0.status == .suspect }
        fleet = Fleet(
            nodes_total: nodes.count,
            nodes_online: reachable.count,
            models_loaded: reachable.reduce(0) { $0 + ($1.models?.loaded.count ?? 0) },
            requests_active: reachable.reduce(0) { $0 + Int($1.hot?.inFlight ?? 0) })
        access = Access(facts.clientKeys())
        queues = QueueStatus.all(view: view, shares: [facts.queue.own()])
        mesh = MeshBody(
            me: view.me?.name ?? "",
            router: view.router.map { router in
                Router(node_id: view.member(router.id)?.name ?? router.id.shortHex, epoch: router.epoch, mode: router.mode)
            },
            members: view.members.map { Member($0, figures: figures, now: now) },
            facts: figures)
        warnings = facts.warnings()
        timestamp = Date().timeIntervalSince1970
    }
}
