/// What the commands read of `GET /dashboard/api/health`.
struct HealthReply: Decodable {
    struct Vitals: Decodable {
        let nodes_total: Int
        let nodes_online: Int
        let total_requests_24h: Int
        let overall_error_rate_pct: Double
        let health_score: Int
    }

    struct Finding: Decodable {
        let check_id: String
        let severity: String
        let title: String
        let description: String
        let fix: String
        let node_id: String?
    }

    let vitals: Vitals
    /// The worst first.
    let recommendations: [Finding]
    let shards: ShardsReply

    /// Findings of a severity.
    func count(_ severity: String) -> Int { recommendations.count { $0.severity == severity } }

    /// The status that `herd-peer health` ends with, as monitoring systems know it: 2 critical, 1 warning, 0 neither.
    var exitStatus: Int32 { count("critical") > 0 ? 2 : count("warning") > 0 ? 1 : 0 }
}
