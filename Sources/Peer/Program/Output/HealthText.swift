/// What the fleet's health looks like on a screen.
struct HealthText {
    let reply: HealthReply
    let screen: Screen

    /// The figures in one line.
    var headline: String {
        let vitals = reply.vitals
        let counts = [("critical", "critical"), ("warning", "warning"), ("info", "to know")].compactMap { severity, word in
            let count = reply.count(severity)
            return count == 0 ? nil : "\(count) \(count > 1 && severity == "warning" ? word + "s" : word)"
        }
        let found = counts.isEmpty ? "nothing to complain about" : counts.joined(separator: ", ")
        return "Health \(vitals.health_score) of 100: \(found); \(vitals.total_requests_24h) requests in 24 h, "
            + "\(vitals.overall_error_rate_pct) % failed"
    }

    /// All findings with what to do.
    var whole: String {
        var lines = [headline]
        for finding in reply.recommendations {
            let place = finding.node_id.map { " (\(Terminal.plain($0)))" } ?? ""
            let mark = screen.paint(finding.severity, Shade(word: finding.severity) ?? .faint)
            lines += ["", "\(mark)  \(screen.paint(Terminal.plain(finding.title), .strong))\(place)  \(finding.check_id)"]
            lines += screen.wrap(Terminal.plain(finding.description), indent: 2)
            if !finding.fix.isEmpty { lines += screen.wrap("To do: " + Terminal.plain(finding.fix), indent: 2) }
        }
        let notes = reply.shards.notes
        return (lines + (notes.isEmpty ? [] : [""] + notes)).joined(separator: "\n")
    }

    /// The findings in a line each, the worst first, at most `limit`.
    func short(_ limit: Int) -> [String] {
        var lines = reply.recommendations.prefix(limit).map { finding in
            let mark = finding.severity.padding(to: 8)
            let rest = "\(finding.node_id.map { $0 + ": " } ?? "")\(finding.title)"
            return screen.paint(mark, Shade(word: finding.severity)) + "  "
                + Table.cut(Terminal.plain(rest), to: screen.width.map { max(10, $0 - 10) } ?? .max)
        }
        let more = reply.recommendations.count - limit
        if more > 0 { lines.append("and \(more) more: herd-peer health") }
        return lines
    }
}

extension String {
    /// Behind it as many blanks as it is shorter.
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
