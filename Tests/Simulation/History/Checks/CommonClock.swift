/// The clock on which lines of different peers are compared.
public enum CommonClock: String, Sendable, CaseIterable {
    /// `host_ns`, a clock that all share.
    case host
    /// The boot clock: right for peers on one machine.
    case boot
    /// The wall clock: only as good as the machines' clocks agree.
    case wall

    /// The best one that all lines have. Peers of one machine have one boot clock, which is read when an event comes; the others
    /// are read when its line is written, on a busy machine or a slow disk long after.
    static func best(for lines: [HistoryLine]) -> CommonClock {
        if lines.allSatisfy({ $0.hostNanoseconds != nil }) {
            return isOneBootClock(lines, within: 1_000_000) { $0.hostNanoseconds } ? .boot : .host
        }
        guard lines.allSatisfy({ $0.wallMilliseconds != nil }) else { return .boot }
        return isOneBootClock(lines, within: 50_000_000) { $0.wallMilliseconds.map { $0 * 1_000_000 } } ? .boot : .wall
    }

    /// The boot clocks of all peers are as far from another clock; each peer's smallest distance counts.
    private static func isOneBootClock(
        _ lines: [HistoryLine], within limit: Int64, _ other: (HistoryLine) -> Int64?
    ) -> Bool {
        var offsets: [String: Int64] = [:]
        for line in lines {
            guard let moment = other(line) else { continue }
            let offset = moment - line.bootNanoseconds
            offsets[line.peer] = min(offsets[line.peer] ?? offset, offset)
        }
        guard let least = offsets.values.min(), let most = offsets.values.max() else { return true }
        return most - least <= limit
    }

    /// The moment of a line, nanoseconds.
    func moment(_ line: HistoryLine) -> Int64 {
        switch self {
        case .host: line.hostNanoseconds ?? line.bootNanoseconds
        case .boot: line.bootNanoseconds
        case .wall: (line.wallMilliseconds ?? 0) * 1_000_000
        }
    }

    /// When the grant of a line is over, nanoseconds.
    func end(_ line: HistoryLine) -> Int64? {
        line.untilNanoseconds.map { moment(line) + ($0 - line.bootNanoseconds) }
    }
}
