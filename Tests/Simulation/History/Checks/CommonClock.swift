/// The clock on which lines of different peers are compared.
public enum CommonClock: String, Sendable, CaseIterable {
    /// `host_ns`, a clock that all share.
    case host
    /// The boot clock: right for peers on one machine.
    case boot
    /// The wall clock: only as good as the machines' clocks agree.
    case wall

    /// The best one that all lines have. Boot clocks are one and the same when they differ from the wall clock by the same amount;
    /// the wall clock is read after the boot clock, on a busy machine long after, so each peer's smallest difference counts.
    static func best(for lines: [HistoryLine]) -> CommonClock {
        if lines.allSatisfy({ $0.hostNanoseconds != nil }) { return .host }
        var offsets: [String: Int64] = [:]
        for line in lines {
            guard let wall = line.wallMilliseconds else { return .boot }
            let offset = wall - line.bootNanoseconds / 1_000_000
            offsets[line.peer] = min(offsets[line.peer] ?? offset, offset)
        }
        guard let least = offsets.values.min(), let most = offsets.values.max() else { return .boot }
        return most - least <= 50 ? .boot : .wall
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
