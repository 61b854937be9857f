import FoundationEssentials
import History

/// Writes histories as peers do, by hand.
struct Forgery {
    static let a = String(repeating: "a", count: 32)
    static let b = String(repeating: "b", count: 32)
    static let t = String(repeating: "1", count: 32)

    private(set) var texts: [String] = []
    /// How much later than the boot clock the wall clock is read, milliseconds.
    var delay: Int64 = 0
    /// Every line also has this shared clock's time: the boot clock plus the peer's offset.
    var hostOffsets: [String: Int64] = [:]

    /// Adds a line; times in milliseconds.
    mutating func add(
        _ peer: String, _ generation: Int = 1, at boot: Int64, _ event: String, of other: String? = nil, _ epoch: Int? = nil,
        _ more: String = "", until: Int64? = nil
    ) {
        var text = #"{"peer":"\#(peer)","generation":\#(generation),"boot_ns":\#(boot * 1_000_000),"event":"\#(event)""#
        text += #","wall_ms":\#(1_000_000 + boot + delay + (hostOffsets[peer] ?? 0))"#
        if let offset = hostOffsets[peer] { text += #","host_ns":\#((boot + offset) * 1_000_000)"# }
        if let other { text += #","other":"\#(other)""# }
        if let epoch { text += #","epoch":\#(epoch)"# }
        if let until { text += #","until_ns":\#(until * 1_000_000)"# }
        texts.append(text + more + "}")
    }

    /// A grant of `t` to `router`, renewed twice, then over.
    mutating func reign(_ router: String, _ epoch: Int, from: Int64, generation: Int = 1) {
        add(Self.t, generation, at: from, "grant", of: router, epoch, until: from + 2_000)
        add(router, at: from + 1, "elect", epoch, #","detail":"quorate""#)
        add(Self.t, generation, at: from + 400, "renew", of: router, epoch, until: from + 2_400)
        add(Self.t, generation, at: from + 800, "renew", of: router, epoch, until: from + 2_800)
        add(router, at: from + 2_700, "step-down", epoch, #","detail":"lostMajority""#)
        add(Self.t, generation, at: from + 2_800, "expire", of: router, epoch)
    }

    /// What a reader makes of it.
    var reader: HistoryReader {
        var reader = HistoryReader()
        reader.add(Data(texts.joined(separator: "\n").utf8), named: "forged")
        return reader
    }

    /// The judgement.
    func judge(_ records: [RequestRecord] = [], clock: CommonClock? = nil) -> HistoryJudge {
        HistoryJudge(reader.lines, records: records, clock: clock)
    }

    /// Rule and line of every finding.
    func findings(_ records: [RequestRecord] = []) -> [String] {
        judge(records).findings.map { "\($0.rule) \($0.place)" }
    }
}
