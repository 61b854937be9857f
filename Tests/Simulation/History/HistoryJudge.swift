/// Judges histories (mesh protocol §11.3): what each peer did as a target, what routers believed, requests, slots and settings.
public struct HistoryJudge: Sendable {
    /// What was found, in the order of the rules.
    public private(set) var findings: [Finding] = []
    /// How often each event occurs, known and unknown ones.
    public private(set) var counts: [String: Int] = [:]
    /// Peers and lives of peers in the histories.
    public private(set) var peers = 0
    /// Lives of peers in the histories.
    public private(set) var lives = 0
    /// Requests that have an end.
    public private(set) var requests = 0
    /// The clock that peers were compared on.
    public private(set) var clock: CommonClock

    /// Judges `lines` together with what clients saw. `clock` nil takes the best that all lines have; `tolerance`, nanoseconds, is
    /// how far the common clock may be wrong.
    public init(
        _ lines: [HistoryLine], records: [RequestRecord] = [], clock: CommonClock? = nil, tolerance: Int64 = 5_000_000
    ) {
        let clock = clock ?? CommonClock.best(for: lines)
        self.clock = clock
        for line in lines { counts[line.event, default: 0] += 1 }
        lives = Set(lines.map(\.life)).count
        let byPeer = Self.sorted(lines)
        peers = byPeer.count
        var targets: [TargetCheck] = []
        var reigns: [String: [HolderCheck.Reign]] = [:]
        var requests = RequestCheck()
        var settings = SettingCheck()
        for (peer, own) in byPeer {
            var target = TargetCheck(clock: clock)
            for line in own {
                target.take(line)
                requests.take(line)
                settings.take(line)
            }
            target.finish()
            targets.append(target)
            reigns[peer] = HolderCheck.reigns(own, clock)
        }
        requests.join(records)
        self.requests = requests.count
        findings = targets.flatMap(\.findings)
        for target in targets {
            findings += HolderCheck.compare(grants: target.grants, reigns: reigns, clock: clock, tolerance: tolerance)
        }
        findings += requests.findings + settings.findings
    }

    /// Every peer's lines: lives in their order, lines of a life as they were written.
    private static func sorted(_ lines: [HistoryLine]) -> [(peer: String, lines: [HistoryLine])] {
        var lives: [HistoryLine.Life: [HistoryLine]] = [:]
        for line in lines { lives[line.life, default: []].append(line) }
        var result: [(peer: String, lines: [HistoryLine])] = []
        for life in lives.keys.sorted() {
            if result.last?.peer == life.peer {
                result[result.count - 1].lines += lives[life] ?? []
            } else {
                result.append((life.peer, lives[life] ?? []))
            }
        }
        return result
    }

    /// The table: every known event with its number, then the rules with the number of findings.
    public var table: [String] {
        let known = HistoryEvent.allCases.map { ($0.rawValue, counts[$0.rawValue] ?? 0) }.filter { $0.1 > 0 }
        let unknown = counts.filter { HistoryEvent(rawValue: $0.key) == nil }.sorted { $0.key < $1.key }
        var rows = ["\(peers) peers, \(lives) lives, compared on the \(clock.rawValue) clock"]
        rows.append("events: " + known.map { "\($0.1) \($0.0)" }.joined(separator: ", "))
        if !unknown.isEmpty { rows.append("passed over: " + unknown.map { "\($0.value) \($0.key)" }.joined(separator: ", ")) }
        for rule in Finding.Rule.allCases {
            let count = findings.count { $0.rule == rule }
            let name = rule.rawValue + String(repeating: " ", count: max(0, 32 - rule.rawValue.count))
            rows.append("\(name)\(count == 0 ? "kept" : "broken \(count) times")")
        }
        return rows
    }
}
