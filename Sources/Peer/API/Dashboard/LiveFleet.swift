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

    /// A queue; `idle` marks one that has nothing to do.
    enum Queue: Encodable {
        case asked(QueueStatus)
        case neverAsked(NeverAsked)

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .asked(let status):
                try status.encode(to: encoder)
                guard status.pending + status.in_flight == 0 else { return }
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(true, forKey: .idle)
            case .neverAsked(let queue): try queue.encode(to: encoder)
            }
        }

        private enum Key: String, CodingKey { case idle }
    }

    /// A model that is loaded and that no request has asked for.
    struct NeverAsked: Encodable {
        let node_id: String
        let model: String
        let concurrency: Int
        let backend: String
        let pending = 0
        let in_flight = 0
        let completed = 0
        let failed = 0
        let request_type = "text"
        let idle = true

        private enum CodingKeys: String, CodingKey {
            case node_id, model, concurrency, backend, pending, in_flight, completed, failed, request_type, idle
        }
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
        nodes = status.nodes.map {
            LiveNode($0, models: members[$0.node_id]?.models, availability: members[$0.node_id]?.hot?.availability)
        }
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
        var all = status.queues.mapValues { Queue.asked($0) }
        for node in status.nodes where node.status != "offline" {
            for loaded in node.ollama.models_loaded where all["\(node.node_id):\(loaded.name)"] == nil {
                let engine = node.backends.first { $0.id == loaded.runner }
                all["\(node.node_id):\(loaded.name)"] = .neverAsked(
                    NeverAsked(
                        node_id: node.node_id, model: loaded.name, concurrency: engine?.slots_per_model ?? 1,
                        backend: engine?.kind.rawValue ?? "ollama"))
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
