import API
import Backends
import FastLane
import Foundation
import Gossip
import Outbound

/// Deletes and copies models on every machine that has them: this machine's Ollama directly, another's through its peer.
struct ModelManager: Sendable {
    let client: OutboundClient
    let lane: LaneState
    let backends: BackendsService
    /// Asks another machine's mesh port.
    let askPeer: @Sendable (_ peer: PeerID, _ path: String, _ body: [UInt8]) async throws -> (status: Int, body: [UInt8])

    static let path = "/herd/v1/models"
    /// Deleting the blobs of a large model takes its time.
    static let timeout = Duration.seconds(60)

    /// Does it on all machines that have the model, or on the one that is named.
    func run(_ order: ModelOrder) async -> ModelOrderOutcome {
        let view = lane.view
        let reachable = view.members.filter { $0.status == .alive || $0.status == .suspect }
        if let node = order.node, !reachable.contains(where: { Self.isNamed($0, node) }) {
            return .unknownNode(known: reachable.map(\.name))
        }
        let holders = reachable.filter { member in
            Self.holds(member, order.model) && order.node.map { Self.isNamed(member, $0) } ?? true
        }
        guard !holders.isEmpty else { return .unknownModel }
        let results = await withTaskGroup(of: (String, String?).self) { group in
            for holder in holders {
                group.addTask {
                    (holder.name, holder.id == view.selfID ? await runHere(order) : await ask(holder.id, order))
                }
            }
            return await group.reduce(into: [(String, String?)]()) { $0.append($1) }
        }
        let done = results.filter { $0.1 == nil }.map(\.0).sorted()
        let failed = results.compactMap { name, reason in reason.map { (name, $0) } }
        return failed.isEmpty
            ? .done(nodes: done) : .failed(reasons: Dictionary(failed, uniquingKeysWith: { first, _ in first }), done: done)
    }

    /// Does it in this machine's own Ollama. Gives the reason where that failed.
    func runHere(_ order: ModelOrder) async -> String? {
        guard let target = backends.current.targets(for: order.model).first(where: { $0.kind.speaksOllama }) else {
            return "no Ollama of this machine has '\(order.model)'"
        }
        let name = target.engineName(of: order.model) ?? order.model
        let fields = order.action == .delete ? ["model": name] : ["source": name, "destination": order.destination ?? ""]
        guard let body = try? JSONEncoder().encode(fields) else { return "the names cannot be written" }
        var request = OutboundRequest(
            order.action == .delete ? "DELETE" : "POST", url: target.address.url + "/api/\(order.action.rawValue)",
            headers: [("Content-Type", "application/json")], body: Array(body))
        request.timeout = Self.timeout
        do {
            let response = try await client.send(request)
            backends.modelsChanged(target.id)
            guard response.status >= 300 else { return nil }
            let said = try? JSONDecoder().decode([String: String].self, from: Data(response.body))
            return said?["error"] ?? "its Ollama answered with status \(response.status)"
        } catch {
            return "its Ollama did not answer: \(error)"
        }
    }

    private func ask(_ peer: PeerID, _ order: ModelOrder) async -> String? {
        do {
            let body = try JSONEncoder().encode(order)
            let answer = try await askPeer(peer, Self.path, Array(body))
            guard answer.status != 200 else { return nil }
            let said = try? JSONDecoder().decode([String: String].self, from: Data(answer.body))
            return said?["error"] ?? "it answered with status \(answer.status)"
        } catch {
            return "it did not answer: \(error)"
        }
    }

    private static func isNamed(_ member: MemberView, _ name: String) -> Bool {
        member.name == name || member.id.hex == name || member.id.shortHex == name
    }

    private static func holds(_ member: MemberView, _ model: String) -> Bool {
        let name = ModelKey.canonical(model)
        guard let models = member.models else { return false }
        return models.available.contains { available in
            ModelKey.canonical(available.name) == name
                && models.backends.contains { $0.id == available.backend && $0.kind.speaksOllama && $0.reachable }
        }
    }
}
