import Gossip

/// How one change of one peer's hot record reaches the others.
struct Spread: Sendable {
    /// Whose change.
    var subject: PeerID
    /// What its report says since.
    var inFlight: UInt16
    /// When it was published.
    var since: Int64
    /// How many others have it.
    var told = 0
    /// When half of the others had it, and when all.
    var halfTold: Int64?
    var allTold: Int64?
}

extension ScaleWorld {
    /// A report that differs from every earlier one, as large as a usual one: one GPU, four models.
    mutating func nextReport() -> HotReport {
        reports = reports == .max ? 1 : reports + 1
        var report = HotReport()
        report.inFlight = reports
        report.gpus = [GPULoad(freeMiB: 8_000, busyPercent: 50)]
        report.loaded = (0..<4).map { HotModel(key: ModelKey(rawValue: $0)) }
        return report
    }

    /// One peer's report changes, and the way of that change is followed.
    mutating func change(_ place: Int) {
        let report = nextReport()
        for other in peers.indices { peers[other].isTold = other == place }
        spread = Spread(subject: peers[place].herd.selfRecord.id, inFlight: report.inFlight, since: wheel.tick)
        deliver(.hot(report), to: place)
    }

    /// Notices when a peer has the change.
    mutating func follow(_ place: Int) {
        guard var spread, !peers[place].isTold, spread.allTold == nil else { return }
        guard peers[place].herd.memberEntry(spread.subject)?.hot?.inFlight == spread.inFlight else { return }
        peers[place].isTold = true
        spread.told += 1
        let others = living - 1
        if spread.halfTold == nil, 2 * spread.told >= others { spread.halfTold = wheel.tick }
        if spread.told == others { spread.allTold = wheel.tick }
        self.spread = spread
    }
}
