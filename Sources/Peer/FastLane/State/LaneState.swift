public import Gossip
public import Routing
internal import Synchronization

/// What all event loops of the lane share: the view with its scorer, the engines, the slots, the waiting line, the figures.
///
/// One mutex, held for short synchronous calls only; the longest is a ranking (20 µs for 50 machines).
public final class LaneState: Sendable {
    /// The settings.
    public let configuration: LaneConfiguration
    let contents: Mutex<Contents>
    let handlers = Mutex(Handlers())
    /// Where files for new models are.
    public let blobs = BlobLedger()

    /// An empty state: no view, no engine.
    ///
    /// - Parameter seed: for near-ties; random unless a test wants to repeat a run.
    public init(
        configuration: LaneConfiguration, scoring: ScoringConfiguration = ScoringConfiguration(),
        seed: UInt64 = .random(in: 0...UInt64.max)
    ) {
        self.configuration = configuration
        contents = Mutex(Contents(configuration: configuration, scoring: scoring, seed: seed))
    }

    struct Contents {
        var view: FleetView
        var scoring: ScoringConfiguration
        var scorer: Scorer
        var backends: [LocalBackend] = []
        /// This process ends.
        var isStopping = false
        /// Somebody said so, here or at another peer.
        var isDrained = false
        var draining: Bool { isStopping || isDrained }
        var limits: LaneLimits
        /// Only where somebody keeps a history.
        var slotWatch: SlotWatch?
        var slots = SlotTable()
        var slotWaiters: [UInt64: SlotWaiter] = [:]
        var deltas = OwnDeltas()
        var latencies = LatencyHistory()
        var firstTokens = LatencyHistory()
        var speeds = LatencyHistory()
        var affinity = SessionAffinity()
        var unloads = UnloadHistory()
        var generator: SeededGenerator
        var line: WaitLine
        var lineWaiters: [UInt64: LineWaiter] = [:]
        var busyMarks = BusyMarks()
        /// The models of this machine's Ollamas.
        var residents: [ResidentModel.Key: ResidentModel] = [:]
        var askedContexts = AskedContexts()
        var learnedContexts = LearnedContexts()
        var seen = SeenAttempts()
        /// Requests that wait for models that are fetched for them.
        var fetching = 0
        /// Requests that wait for opinions.
        var ensembles = 0
        var counters = LaneCounters()
        /// The last that were ended for silence, oldest first.
        var reaped: [ReapedRequest] = []
        /// Figures are never taken out, so a place in the list holds for good.
        var nodeModels: [LaneCounters.NodeModel] = []
        var nodeModelPlaces: [NodeModelKey: Int] = [:]
        /// The own id in hex, for headers.
        var selfHex: String

        init(configuration: LaneConfiguration, scoring: ScoringConfiguration, seed: UInt64) {
            selfHex = configuration.selfID.hex
            view = FleetView(number: 0, selfID: configuration.selfID, members: [], router: nil)
            self.scoring = scoring
            limits = LaneLimits(configuration)
            scorer = Scorer(view: view, configuration: scoring)
            generator = SeededGenerator(seed: seed)
            line = WaitLine(limit: configuration.ticketQueueLimit)
        }
    }

    struct Handlers {
        var evidence: Call<(DataPathEvidence, PeerID)>?
        var backendTrouble: Call<String>?
        var modelsChange: Call<String>?
        var loadChange: Call<Void>?
        var viewObservers: [Wake] = []
        var autoPull: AutoPull?
        var loadClaims: LoadClaims?
        var ensemble: Ensemble?
    }

    /// A function as a value: a bare one is wrapped anew, in memory of its own, each time a lock hands it out.
    struct Call<Argument>: Sendable {
        let run: @Sendable (Argument) -> Void
    }

    // MARK: What the program tells

    /// A new view of the fleet. Older numbers than the current one are ignored.
    public func update(view: FleetView) {
        // Built outside the lock: only the swap is under it.
        let now = LaneClock.now
        let (scoring, before, unloads) = contents.withLock { contents in
            contents.noteUnloads(in: view, now: now)
            return (contents.scoring, contents.scorer, contents.unloads)
        }
        let scorer = Scorer(view: view, configuration: scoring, unloads: unloads, previous: before)
        let wakes = contents.withLock { contents -> [Wake]? in
            guard view.number >= contents.view.number else { return nil }
            contents.scorer = scorer
            return contents.take(view, now: now)
        }
        guard let wakes else { return }
        for wake in wakes { wake() }
        for observer in handlers.withLock({ $0.viewObservers }) { observer() }
    }

    /// The engines of this machine, resolved; replaces those before.
    public func update(backends: [LocalBackend]) {
        let wakes = contents.withLock { contents -> [Wake] in
            guard contents.backends != backends else { return [] }
            contents.backends = backends
            return contents.configureSlots(now: LaneClock.now)
        }
        for wake in wakes { wake() }
        wakeWaiting()
        loadChanged()
    }

    /// This process ends: its engines take no new request; requests can still be forwarded.
    func setStopping() {
        let wakes = contents.withLock { contents -> [Wake] in
            contents.isStopping = true
            return contents.configureSlots(now: LaneClock.now)
        }
        for wake in wakes { wake() }
        loadChanged()
    }

    /// While drained, this machine's engines take no new request, and what waits for them goes elsewhere where it can; requests
    /// can still be forwarded. Tells whether that is news.
    @discardableResult
    public func setDrained(_ drained: Bool) -> Bool {
        let wakes = contents.withLock { contents -> [Wake]? in
            guard contents.isDrained != drained else { return nil }
            contents.isDrained = drained
            let wakes = contents.configureSlots(now: LaneClock.now)
            return wakes + (drained ? contents.slotWaiters.values.map(\.moved) : [])
        }
        guard let wakes else { return false }
        for wake in wakes { wake() }
        if !drained { wakeWaiting() }
        loadChanged()
        return true
    }

    /// Limits for the requests that come from now on; those that run keep theirs.
    public func apply(_ limits: LaneLimits) {
        contents.withLock { contents in
            contents.limits = limits
            contents.line.limit = limits.ticketQueueLimit
        }
    }

    /// Told of every slot that is taken or given back, for histories. Called under the lane's lock: it must only queue.
    public func setSlotHandler(_ handler: @escaping @Sendable (SlotNote) -> Void) {
        contents.withLock { $0.slotWatch = SlotWatch(handler) }
    }

    /// The limits in force.
    public var limits: LaneLimits { contents.withLock { $0.limits } }

    /// Told of what relayed requests show of other peers. Called on event loops: must not block.
    public func setEvidenceHandler(_ handler: @escaping @Sendable (DataPathEvidence, PeerID) -> Void) {
        handlers.withLock { $0.evidence = Call { handler($0.0, $0.1) } }
    }

    /// Told the id of an engine whose connection failed, so that its prober looks at once. Called on event loops.
    public func setBackendTroubleHandler(_ handler: @escaping @Sendable (String) -> Void) {
        handlers.withLock { $0.backendTrouble = Call(run: handler) }
    }

    /// Told the id of an engine that has other models now. Called on event loops.
    public func setModelsChangeHandler(_ handler: @escaping @Sendable (String) -> Void) {
        handlers.withLock { $0.modelsChange = Call(run: handler) }
    }

    /// Told that `load` is another one now. Called on event loops at every change: the receiver limits the rate.
    public func setLoadChangeHandler(_ handler: @escaping @Sendable () -> Void) {
        handlers.withLock { $0.loadChange = Call { handler() } }
    }

    // MARK: What the program asks

    /// What runs and waits on this machine's engines.
    public var load: SlotLoad { contents.withLock { $0.slots.load } }

    /// Where engines of this machine showed more slots than were assumed.
    public var raisedSlots: [(backend: String, slots: RaisedSlots)] { contents.withLock { $0.slots.raised } }

    /// The current view.
    public var view: FleetView { contents.withLock { $0.view } }

    /// This peer's id as of the current view: it changes when another process turns out to have the same.
    public var selfID: PeerID { contents.withLock { $0.view.selfID } }

    /// The same in hex.
    var selfHex: String { contents.withLock { $0.selfHex } }

    /// A peer's id in hex.
    func hex(of peer: PeerID) -> String { contents.withLock { $0.view.selfID == peer ? $0.selfHex : nil } ?? peer.hex }

    /// This machine's engines as last told.
    public var backends: [LocalBackend] { contents.withLock { $0.backends } }

    /// New work is refused on this machine.
    public var isDraining: Bool { contents.withLock { $0.draining } }

    /// Somebody said that this machine shall take no new work.
    public var isDrained: Bool { contents.withLock { $0.isDrained } }

    /// Ranks all machines as for a request that comes now, without sending it: for `/fleet/explain` and routes like `/api/show`.
    public func rank(_ request: RouteRequest) -> Ranking {
        let now = LaneClock.now
        return contents.withLock { $0.rank(request, now: now) }
    }

    /// A shutdown began.
    public var isStopping: Bool { contents.withLock { $0.isStopping } }

    // MARK: Inside

    func observeViews(_ wake: Wake) { handlers.withLock { $0.viewObservers.append(wake) } }

    func report(_ evidence: DataPathEvidence, of peer: PeerID) { handlers.withLock { $0.evidence }?.run((evidence, peer)) }

    func reportTrouble(of backend: String) { handlers.withLock { $0.backendTrouble }?.run(backend) }

    func reportModels(of backend: String) { handlers.withLock { $0.modelsChange }?.run(backend) }

    func loadChanged() { handlers.withLock { $0.loadChange }?.run(()) }
}

extension LaneState.Contents {
    /// Replaces the view; returns calls to waiting requests that may find room now.
    mutating func take(_ new: FleetView, now: Instant) -> [Wake] {
        for member in new.members {
            let before = view.member(member.id)?.hotVersion ?? .none
            if member.hotVersion > before { deltas.absorbed(peer: member.id, version: member.hotVersion) }
        }
        if new.selfID != view.selfID { selfHex = new.selfID.hex }
        if let own = new.me?.models, own != view.me?.models { residents = ResidentModel.all(in: own) }
        view = new
        guard line.count > 0 else { return [] }
        var wakes: [Wake] = []
        for member in new.members where member.status == .alive {
            guard let hot = member.hot, !hot.draining, hot.inFlight < hot.slots else { continue }
            let next = line.wakeFirst(for: member.id, now: now)
            if let wake = called(next) { wakes.append(wake) }
        }
        return wakes
    }

    /// Models that left a machine's memory count as warm for a while.
    mutating func noteUnloads(in new: FleetView, now: Instant) {
        guard new.number >= view.number else { return }
        for member in new.members {
            guard let old = view.member(member.id)?.models, old != member.models else { continue }
            unloads.changed(peer: member.id, from: old, to: member.models, now: now)
        }
    }

    /// Tells the slot table of the engines; returns calls to waiting requests that run now or have lost their engine.
    mutating func configureSlots(now: Instant) -> [Wake] {
        slots.configure(
            slotsPerModel: backends.map { (backend: $0.id, slots: $0.slotsPerModel) },
            limits: backends.filter(\.isTried).map { (backend: $0.id, slots: $0.slotLimit) }, draining: draining)
        let (run, lost) = slots.settle(now: now)
        for id in run { slotWatch?.runs(id, backends) }
        return run.compactMap { slotWaiters.removeValue(forKey: $0)?.granted }
            + lost.compactMap { slotWaiters.removeValue(forKey: $0)?.lost }
    }

    /// How to call a request in line.
    func called(_ id: UInt64?) -> Wake? { id.flatMap { lineWaiters[$0]?.wake } }

    mutating func rank(_ request: RouteRequest, now: Instant) -> Ranking {
        scorer.rank(request, deltas: deltas, latencies: latencies, affinity: affinity, now: now, using: &generator)
    }
}
