import Foundation
import Gossip
import Health
import Hummingbird

/// The fleet's health, in ollama-herd's form.
struct HealthRoutes {
    private let facts: PeerFacts
    private let report: Kept<HealthReportBody>

    /// How long an answer is shown again.
    static let keptFor = Duration.seconds(30)
    static let maximumBytes = 4_096

    init(facts: PeerFacts) {
        self.facts = facts
        report = Kept(for: Self.keptFor) { await HealthReportBody.make(facts, isLocal: $0) }
    }

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/dashboard/api/health", [.get, .head])
        router.get("/dashboard/api/health") { request, _ in
            let query = request.uri.queryParameters
            return try Reply.json(
                await report.value(isLocal: query.get("scope") == "local", refresh: query.get("refresh") == "1"))
        }
    }

    /// Another peer asks.
    func addForPeers(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/herd/v1/health", [.post])
        router.post("/herd/v1/health") { request, _ in
            let face = MeshRoutes(facts: facts)
            guard face.isPeer(request) else { return try face.stranger() }
            guard let body = try? await request.body.collect(upTo: Self.maximumBytes) else {
                return try face.tooLong(Self.maximumBytes)
            }
            guard (try? JSONDecoder().decode(HealthQuestion.self, from: Data(body.readableBytesView))) != nil else {
                return try Reply.json(["error": "the body is no question about health"], status: .badRequest)
            }
            return try Reply.json(await facts.health.own())
        }
    }
}
