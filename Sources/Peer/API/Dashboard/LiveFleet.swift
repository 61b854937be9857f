import Foundation
import Gossip
import NIOCore

/// One event of `GET /dashboard/events`: ollama-herd's `nodes`, `queues` and `timestamp`, and what the page needs of the rest of
/// `/fleet/status`.
struct LiveFleet: Encodable {
    /// Requests that wait at the peer that was asked.
    struct Tickets: Encodable {
        let waiting: Int
    }

    /// A queue; `idle` marks a model that is loaded and has nothing to do.
    struct Queue: Encodable {
        let status: QueueStatus
        let isIdle: Bool

        func encode(to encoder: any Encoder) throws {
            try status.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            if isIdle { try container.encode(true, forKey: .idle) }
        }

        private enum Key: String, CodingKey { case idle }
    }

    let nodes: [LiveNode]
    let queues: [String: Queue]
    let fleet: FleetStatus.Fleet
    let mesh: FleetStatus.MeshBody
    let access: FleetStatus.Access
    let warnings: [String]
    let tickets: Tickets
    let timestamp: Double

    init(facts: PeerFacts, figures: MeshFigures) {
        let status = FleetStatus(facts: facts, figures: figures)
        let view = facts.view()
        let members = Dictionary(view.members.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        nodes = status.nodes.map { LiveNode($0, models: members[$0.node_id]?.models) }
        queues = Self.queues(status)
        fleet = status.fleet
        mesh = status.mesh
        access = status.access
        warnings = status.warnings
        tickets = Tickets(waiting: facts.work().ticketsWaiting)
        timestamp = status.timestamp
    }

    /// Loaded models that no request has asked for yet have a queue too.
    private static func queues(_ status: FleetStatus) -> [String: Queue] {
        var all = status.queues.mapValues { Queue(status: $0, isIdle: $0.pending + $0.in_flight == 0) }
        for node in status.nodes where node.status != "offline" {
            for loaded in node.ollama.models_loaded where all["\(node.node_id):\(loaded.name)"] == nil {
                let queue = QueueStatus(
                    node_id: node.node_id, model: loaded.name, pending: 0, in_flight: 0, completed: 0, failed: 0,
                    concurrency: node.backends.first { $0.id == loaded.runner }?.slots_per_model ?? 1,
                    backend: node.backends.first { $0.id == loaded.runner }?.kind.rawValue ?? "ollama")
                all["\(node.node_id):\(loaded.name)"] = Queue(status: queue, isIdle: true)
            }
        }
        return all
    }

    /// The event's bytes.
    static func frame(facts: PeerFacts, figures: MeshFigures) -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        var buffer = ByteBuffer(string: "data: ")
        // Nothing of it can fail to encode; if it did, an empty comment keeps the connection until the next tick.
        guard let text = try? encoder.encode(LiveFleet(facts: facts, figures: figures)) else {
            return ByteBuffer(string: ": no picture\n\n")
        }
        buffer.writeBytes(text)
        buffer.writeString("\n\n")
        return buffer
    }
}
