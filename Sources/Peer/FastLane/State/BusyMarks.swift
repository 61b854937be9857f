internal import Gossip

/// Machines that just said busy: for a moment they go to the end of rankings, until their next record tells.
struct BusyMarks {
    private struct Key: Hashable {
        var peer: PeerID
        var model: ModelKey
    }

    /// How long a busy answer is believed.
    static let validity = Duration.milliseconds(250)
    private static let limit = 1024
    private var until: [Key: Instant] = [:]

    /// Nobody said so lately.
    var isEmpty: Bool { until.isEmpty }

    /// `peer` said busy for `model`.
    mutating func mark(_ peer: PeerID, model: ModelKey, now: Instant) {
        if until.count >= Self.limit { until = until.filter { $0.value > now } }
        if until.count < Self.limit { until[Key(peer: peer, model: model)] = now + Self.validity }
    }

    /// It does not say so any more.
    mutating func clear(_ peer: PeerID, model: ModelKey) {
        if !until.isEmpty { until.removeValue(forKey: Key(peer: peer, model: model)) }
    }

    /// It said busy a moment ago.
    func isMarked(_ peer: PeerID, model: ModelKey, now: Instant) -> Bool {
        guard !until.isEmpty, let time = until[Key(peer: peer, model: model)] else { return false }
        return time > now
    }
}
