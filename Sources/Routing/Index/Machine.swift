import Gossip

/// What scoring keeps of one member: everything that no request changes, worked out once per view. It holds no references, so it
/// copies at no cost.
struct Machine: Sendable {
    let id: PeerID
    /// It answers: not suspect.
    let alive: Bool
    /// Why it is out for every request, checked before a request's exclusions.
    let gone: Elimination?
    /// Why it is out for every request, checked after them.
    let closed: Elimination?
    /// Its memory is so short that it must not load anything.
    let critical: Bool
    /// Its owner needs it at this hour.
    let unavailable: Bool
    let availabilityTrend: Double
    /// A queue here weighs so much less than on the median machine.
    let depthDivisor: Double
    let room: Room
    let recordVersion: RecordVersion
    private let recordMadeAt: Instant
    private let isSelf: Bool
    /// The place of its live figures in `Scorer.hotModels`.
    private let hotModels: Range<Int>

    /// Availability below this eliminates.
    private static let leastAvailability = 0.2

    /// Its live figures are appended to `hotModels`.
    init(
        _ member: MemberView, isSelf: Bool, evictable: [EvictableModel], medianBandwidth: Double, formulas: Formulas,
        hotModels: inout [HotModel]
    ) {
        id = member.id
        self.isSelf = isSelf
        alive = member.status == .alive
        gone =
            switch member.status {
            case .alive, .suspect: nil
            case .unreachable, .asleep: .unreachable
            case .left: .left
            }
        let anyEngine = member.models?.backends.contains { $0.reachable } ?? false
        closed = member.hot?.draining == true ? .draining : anyEngine ? nil : .noBackend
        critical = member.hot?.pressure == .critical
        let availability = member.hot?.availability.map { Double($0) / 255 }
        unavailable = (availability ?? 1) < Self.leastAvailability
        availabilityTrend = formulas.availabilityTrend(availability)
        let bandwidth = Self.bandwidth(of: member)
        let normalize = formulas.configuration.queuePenaltyBandwidthNormalize && bandwidth > 0 && medianBandwidth > 0
        depthDivisor = normalize ? min(4, max(0.25, bandwidth / medianBandwidth)) : 1
        room = Room(member.hot, evictable: evictable)
        recordVersion = member.hotVersion
        recordMadeAt = member.hotMadeAt
        let first = hotModels.count
        if let loaded = member.hot?.loaded { hotModels += loaded }
        self.hotModels = first..<hotModels.count
    }

    /// Memory bandwidth, GB/s; 0 for unknown. What a peer claims is bounded here.
    static func bandwidth(of member: MemberView) -> Double {
        guard let value = member.fixed?.bandwidthGBps, value > 0, value.isFinite else { return 0 }
        return min(value, 100_000)
    }

    /// The age of the hot record, never negative.
    func recordAge(now: Instant) -> Duration { max(.zero, now - recordMadeAt) }

    /// What the record says of the requests before a new one. A model that it does not list has none.
    func load(of key: ModelKey, in models: [HotModel], now: Instant) -> RecordedLoad {
        var depth = 0.0
        for place in hotModels where models[place].key == key {
            depth = Double(models[place].inFlight) + Double(models[place].queued)
            break
        }
        // This peer's own figures are never old: it replaces them with every change.
        return RecordedLoad(depth: depth, ageNanoseconds: isSelf ? 0 : max(0, now.nanoseconds - recordMadeAt.nanoseconds))
    }
}
