import API
import Backends
import FastLane
import Gossip
import NIOCore
import Outbound
import Routing

/// Asks an engine for a model's details: this machine's, or another's over its mesh port.
struct ShowForwarder: Sendable {
    let client: OutboundClient
    let lane: LaneState
    let backends: BackendsService
    /// Asks another machine's mesh port, as the fleet's peers do.
    let askPeer: @Sendable (_ peer: PeerID, _ path: String, _ body: [UInt8]) async throws -> (status: Int, body: [UInt8])
    let nodeName: @Sendable () -> String

    /// Nodes that are tried.
    static let maximumTries = 3
    static let timeout = Duration.seconds(10)
    static let maximumBytes = 64 << 20

    /// The best node's answer; the next one's where that fails.
    func show(_ model: String, _ body: ByteBuffer) async -> ShowOutcome {
        let view = lane.view
        var request = RouteRequest(model: model, kind: .generate)
        request.needsOllama = true
        let ranking = lane.rank(request)
        request.kind = .embed
        let embedding = ranking.candidates.isEmpty ? lane.rank(request) : ranking
        var last = ShowOutcome.unknownModel
        for candidate in embedding.candidates.prefix(Self.maximumTries) {
            guard let member = view.member(candidate.peer) else { continue }
            last = candidate.peer == view.selfID ? await showHere(model, body) : await ask(member, body)
            if case .answered(_, let status, _, _) = last, status < 500 { return last }
        }
        return last
    }

    /// This machine's own engine's answer.
    func showHere(_ model: String, _ body: ByteBuffer) async -> ShowOutcome {
        guard let target = backends.current.targets(for: model).first(where: { $0.kind.speaksOllama }) else {
            return .unknownModel
        }
        return await post(target.request("POST", "/api/show", json: Array(body.readableBytesView)), node: nodeName())
    }

    private func ask(_ member: MemberView, _ body: ByteBuffer) async -> ShowOutcome {
        do {
            let answer = try await askPeer(member.id, "/api/show", Array(body.readableBytesView))
            switch answer.status {
            case 200:
                return .answered(
                    node: member.name, status: 200, contentType: "application/json; charset=utf-8",
                    body: ByteBuffer(bytes: answer.body))
            case 404: return .unknownModel
            default: return .failed("\(member.name) answered with status \(answer.status)")
            }
        } catch {
            return .failed("\(member.name) did not answer: \(error)")
        }
    }

    private func post(_ request: OutboundRequest, node: String) async -> ShowOutcome {
        var request = request
        request.timeout = Self.timeout
        request.maximumBytes = Self.maximumBytes
        do {
            let response = try await client.send(request)
            return .answered(
                node: node, status: response.status, contentType: response.header("Content-Type") ?? "application/json",
                body: ByteBuffer(bytes: response.body))
        } catch {
            return .failed("\(node) did not answer: \(error)")
        }
    }
}
