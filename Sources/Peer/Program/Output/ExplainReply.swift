/// What the command reads of the answer of `POST /fleet/explain`.
struct ExplainReply: Decodable {
    struct Candidate: Decodable {
        let rank: Int
        let node_id: String
        let model: String
        let backend: String
        let score: Double
        let signals: [String: Double]
        let record_age_ms: Int64
        let busy: Bool
    }

    struct Eliminated: Decodable {
        let node_id: String
        let reason: String
        let detail: String
    }

    let model: String
    let winner: String?
    let decision: String
    let others_wait: Bool
    let candidates: [Candidate]
    let eliminated: [Eliminated]

    /// Those that could serve, the best first, with the signals that count, the strongest first.
    var ranking: Table {
        let strengths = candidates.reduce(into: [String: Double]()) { strengths, candidate in
            for (name, value) in candidate.signals where value != 0 { strengths[name] = max(strengths[name] ?? 0, abs(value)) }
        }
        let names = strengths.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        var table = Table(["", "NODE", "MODEL", "ENGINE", "SCORE"] + names.map { $0.uppercased() } + ["HEARD", "NOTE"])
        for candidate in candidates {
            table.add(
                ["\(candidate.rank)", candidate.node_id, candidate.model, candidate.backend, Self.figure(candidate.score)]
                    + names.map { Self.figure(candidate.signals[$0] ?? 0) }
                    + [Terminal.time(milliseconds: Double(candidate.record_age_ms)) + " ago", candidate.busy ? "busy" : ""])
        }
        return table
    }

    /// Those that could not, and why.
    var others: Table {
        var table = Table(["NODE", "OUT FOR", "WHY"])
        for machine in eliminated { table.add([machine.node_id, machine.reason, machine.detail]) }
        return table
    }

    /// All of it.
    func text(_ screen: Screen) -> String {
        var lines = [screen.paint(Terminal.plain(decision), .strong)]
        if others_wait { lines.append("Others wait for a machine: it would stand in line with them.") }
        if !candidates.isEmpty { lines += ["", ranking.fitted(screen)] }
        if !eliminated.isEmpty { lines += ["", others.fitted(screen)] }
        return lines.joined(separator: "\n")
    }

    /// With one decimal where there is one.
    private static func figure(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
    }
}
