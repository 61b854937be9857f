import Foundation
import Health
import Insight

/// The answer of `GET /dashboard/api/health`, under ollama-herd's keys and with `shards`.
struct HealthReportBody: Encodable, Sendable {
    let vitals: Vitals
    let recommendations: [Finding]
    let checked_at: Double
    let shards: ShardCoverage

    /// Asks everybody, and runs all checks.
    static func make(_ facts: PeerFacts, isLocal: Bool) async -> HealthReportBody {
        let (found, answer) = await HealthFacts.gather(facts, isLocal: isLocal)
        let report = HealthReport(found)
        return HealthReportBody(
            vitals: report.vitals, recommendations: report.findings, checked_at: Date().timeIntervalSince1970,
            shards: answer.coverage)
    }
}
