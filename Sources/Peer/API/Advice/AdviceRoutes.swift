import Foundation
import Gossip
import Health
import Hummingbird

/// Which models the nodes should have, in ollama-herd's form (herd-compat §3.3).
struct AdviceRoutes {
    private let body: Kept<AdviceBody>

    /// How long an answer is shown again.
    static let keptFor = Duration.seconds(300)

    init(facts: PeerFacts) {
        body = Kept(for: Self.keptFor) { await AdviceBody.make(facts, isLocal: $0) }
    }

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/dashboard/api/recommendations", [.get, .head])
        router.get("/dashboard/api/recommendations") { request, _ in
            let query = request.uri.queryParameters
            return try Reply.json(
                await body.value(isLocal: query.get("scope") == "local", refresh: query.get("refresh") == "1"))
        }
    }
}
