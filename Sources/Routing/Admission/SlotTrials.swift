import Gossip
import OrderedCollections

/// The trials of all engines whose number of slots is assumed. Empty, and then nothing is asked of it, where all numbers are known.
struct SlotTrials: Sendable {
    /// Up to how many slots each engine may be tried.
    private var limits = OrderedDictionary<String, (assumed: Int, limit: Int)>()
    private var trials = OrderedDictionary<Lane.Name, SlotTrial>()

    /// No engine's slots are tried.
    var isOff: Bool { limits.isEmpty }

    /// Engines changed. What was learnt of one stays while its slots are still assumed.
    mutating func configure(_ new: [(backend: String, assumed: Int, limit: Int)]) {
        limits = [:]
        for (backend, assumed, limit) in new where limit > assumed { limits[backend] = (assumed, limit) }
        trials.removeAll { limits[$0.key.backend]?.assumed != $0.value.assumed }
    }

    /// How many requests of a model an engine runs at once: as learnt, else `assumed`.
    func slots(_ name: Lane.Name, assumed: Int) -> Int { trials[name]?.slots ?? assumed }

    /// A request that waits would tell something if it ran now.
    mutating func isDue(_ name: Lane.Name, now: Instant) -> Bool {
        guard let limit = limits[name.backend]?.limit, let place = trials.index(forKey: name) else { return false }
        return trials.values[place].isDue(limit: limit, now: now)
    }

    func isProbe(_ request: UInt64, _ name: Lane.Name) -> Bool { trials[name]?.isProbe(request) ?? false }

    mutating func started(_ request: UInt64, _ name: Lane.Name, assumed: Int, isProbe: Bool = false, now: Instant) {
        guard limits[name.backend]?.assumed == assumed else { return }
        if trials.index(forKey: name) == nil, trials.count >= SlotTable.laneLimit { trials.removeFirst() }
        trials[name, default: SlotTrial(assumed: assumed)].started(request, isProbe: isProbe, now: now)
    }

    mutating func spoke(_ request: UInt64, _ name: Lane.Name, now: Instant) {
        if let place = trials.index(forKey: name) { trials.values[place].spoke(request, now: now) }
    }

    mutating func held(_ request: UInt64, _ name: Lane.Name) {
        if let place = trials.index(forKey: name) { trials.values[place].held(request) }
    }

    mutating func ended(_ request: UInt64, _ name: Lane.Name, now: Instant) {
        if let place = trials.index(forKey: name) { trials.values[place].ended(request, now: now) }
    }

    /// What was learnt beyond the assumed numbers, in a fixed order.
    func raised(over assumed: OrderedDictionary<String, Int>) -> [(Lane.Name, Int)] {
        trials.elements.filter { $0.value.slots > assumed[$0.key.backend] ?? 0 }.map { ($0.key, $0.value.slots) }
            .sorted { $0.0 < $1.0 }
    }
}
