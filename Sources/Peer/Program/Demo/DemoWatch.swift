import Foundation
import Outbound

/// Watches a demonstration's peers agree on a router.
struct DemoWatch: Sendable {
    let client: OutboundClient
    /// The client ports of the peers that run.
    let ports: [Int]

    /// Waits until all peers name one router other than `old`, and know at least `members` alive members and their models.
    /// 20 s at most.
    func router(members: Int, besides old: String?) async throws -> FleetReply.Router {
        let deadline = Date().addingTimeInterval(20)
        while Date() < deadline {
            var routers: [FleetReply.Router] = []
            for port in ports {
                guard let status = await status(of: port), let router = status.mesh.router, router.node_id != old,
                    status.mesh.members.filter({ $0.status == "alive" }).count >= members,
                    members == 0 || status.nodes.allSatisfy({ !$0.ollama.models_available.isEmpty })
                else { break }
                routers.append(router)
            }
            if let first = routers.first, routers.count == ports.count, routers.allSatisfy({ $0.node_id == first.node_id }) {
                return first
            }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw DemoProblem(reason: "the peers did not agree on a router within 20 s")
    }

    private func status(of port: Int) async -> FleetReply? {
        var request = OutboundRequest(url: "http://127.0.0.1:\(port)/fleet/status")
        request.timeout = .seconds(2)
        guard let response = try? await client.send(request) else { return nil }
        return try? JSONDecoder().decode(FleetReply.self, from: Data(response.body))
    }
}
