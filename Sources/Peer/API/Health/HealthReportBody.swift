import Foundation
import Health

/// The answer of `GET /dashboard/api/health`, under ollama-herd's keys and with `shards`.
struct HealthReportBody: Encodable, Sendable {
    let vitals: Vitals
    let recommendations: [Finding]
    let checked_at: Double
    let shards: Shards

    /// Whose figures are in it.
    struct Shards: Encodable, Sendable {
        let answered: Int
        let total: Int
        let missing: [MissingShard]

        init(_ answer: FleetDigests.Answer) {
            answered = answer.digests.count
            total = answer.total
            missing = answer.missing
        }
    }

    /// Asks everybody, and runs all checks.
    static func make(_ facts: PeerFacts, isLocal: Bool) async -> HealthReportBody {
        let (found, answer) = await HealthFacts.gather(facts, isLocal: isLocal)
        let report = HealthReport(found)
        return HealthReportBody(
            vitals: report.vitals, recommendations: report.findings, checked_at: Date().timeIntervalSince1970,
            shards: Shards(answer))
    }
}
