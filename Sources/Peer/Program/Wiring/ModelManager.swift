import API
import Backends
import FastLane
import Foundation
import Gossip
import Outbound
import Routing

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
        if let node = order.node, !reachable.contains(where: { $0.isNamed(node) }) {
            return .unknownNode(known: reachable.map(\.name))
        }
        let meant = reachable.filter { member in order.node.map(member.isNamed) ?? true }
        let holders = meant.filter { $0.ollama != nil && $0.hasInOllama(order.model) }
        // Somebody may have put it there a moment ago, past the peers: then every Ollama is asked.
        let asked = holders.isEmpty ? meant.filter { $0.ollama != nil } : holders
        let results = await withTaskGroup(of: (String, ModelOrderResult).self) { group in
            for member in asked {
                group.addTask {
                    (member.name, member.id == view.selfID ? await runHere(order) : await ask(member.id, order))
                }
            }
            return await group.reduce(into: [(String, ModelOrderResult)]()) { $0.append($1) }
        }
        var reasons: [String: String] = [:]
        for case (let name, .failed(let reason)) in results { reasons[name] = reason }
        let done = results.filter { $0.1 == .done }.map(\.0).sorted()
        if !reasons.isEmpty { return .failed(reasons: reasons, done: done) }
        return done.isEmpty ? .unknownModel : .done(nodes: done)
    }

    /// Does it in this machine's own Ollama.
    func runHere(_ order: ModelOrder) async -> ModelOrderResult {
        let ours = backends.current.targets(for: order.model) + backends.current.targets
        guard let target = ours.first(where: { $0.keepsModels && $0.reachable }) else { return .unknownModel }
        let name = target.engineName(of: order.model) ?? order.model
        let fields = order.action == .delete ? ["model": name] : ["source": name, "destination": order.destination ?? ""]
        guard let body = try? JSONEncoder().encode(fields) else {
            return .failed("the names cannot be written")
        }
        var request = target.request(
            order.action == .delete ? "DELETE" : "POST", "/api/\(order.action.rawValue)", json: Array(body))
        request.timeout = Self.timeout
        do {
            let response = try await client.send(request)
            backends.modelsChanged(target.id)
            return Self.result(response.status, response.body, from: "its Ollama")
        } catch {
            return .failed("its Ollama did not answer: \(error)")
        }
    }

    private static func result(_ status: Int, _ body: [UInt8], from whom: String) -> ModelOrderResult {
        if status < 300 { return .done }
        if status == 404 { return .unknownModel }
        let said = try? JSONDecoder().decode([String: String].self, from: Data(body))
        return .failed(said?["error"] ?? "\(whom) answered with status \(status)")
    }

    private func ask(_ peer: PeerID, _ order: ModelOrder) async -> ModelOrderResult {
        do {
            let body = try JSONEncoder().encode(order)
            let answer = try await askPeer(peer, Self.path, Array(body))
            return Self.result(answer.status, answer.body, from: "it")
        } catch {
            return .failed("it did not answer: \(error)")
        }
    }
}
