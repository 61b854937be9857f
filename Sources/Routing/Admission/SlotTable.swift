public import Gossip
import OrderedCollections

/// A machine's own yes or busy: how many requests run and wait per engine and model (mesh protocol §8.2.3). The one authority for
/// that machine.
public struct SlotTable: Sendable {
    /// Requests that run or wait here at once, whatever the engines say; more are refused.
    public static let requestLimit = 16_384
    /// A request may wait here only if a slot frees this soon; else another machine is the better choice.
    public static let longestWait: Duration = .seconds(2)
    /// A request that has waited for all machines already is tried beyond the slots only if one frees this soon.
    static let longestTrialSeconds = 10.0
    /// Slots that one engine may claim per model.
    static let slotLimit = 1024
    /// Idle engine-and-model pairs whose runtimes are kept.
    static let laneLimit = 512

    private enum Place: Sendable {
        case running(Lane.Name)
        case waiting(Lane.Name)
    }

    private var slots = OrderedDictionary<String, Int>()
    private var trials = SlotTrials()
    private var draining = false
    /// Oldest first.
    private var lanes = OrderedDictionary<Lane.Name, Lane>()
    /// Only looked up, never walked.
    private var places: [UInt64: Place] = [:]
    private var runningCount = 0

    /// An empty table.
    public init() {}

    /// Requests of a model that one engine runs at once; called when backends change. Unknown engines refuse.
    ///
    /// Running requests go on whatever changes. Call `settle` afterwards: waiting requests may run now, or have lost their
    /// engine.
    ///
    /// - Parameter limits: engines whose number is only assumed, and how far it may be raised where they show that they run more.
    public mutating func configure(
        slotsPerModel: [(backend: String, slots: Int)], limits: [(backend: String, slots: Int)] = [], draining: Bool
    ) {
        slots = [:]
        for (backend, count) in slotsPerModel { slots[backend] = min(Self.slotLimit, max(0, count)) }
        trials.configure(
            limits.compactMap { backend, limit in
                slots[backend].map { (backend: backend, assumed: $0, limit: min(Self.slotLimit, limit)) }
            })
        self.draining = draining
    }

    /// After `configure`: waiting requests that run now, and waiting requests that are out because their engine is gone.
    public mutating func settle(now: Instant) -> (run: [UInt64], lost: [UInt64]) {
        var run: [UInt64] = []
        var lost: [UInt64] = []
        for name in Array(lanes.keys) where lanes[name]?.waiting.isEmpty == false {
            if let count = slots[name.backend] {
                let count = slots(name, count)
                while let next = lanes[name]?.promote(slots: count, now: now) {
                    run.append(moved(next, to: name, now: now))
                }
            } else {
                while let request = lanes[name]?.waiting.first?.request {
                    abandoned(request, now: now)
                    lost.append(request)
                }
            }
        }
        return (run, lost)
    }

    /// Decides on a request. `.run` and `.wait` occupy a place until `finished` or `abandoned`.
    ///
    /// A full engine lets at most as many wait as it has slots, and only while the mean of finished runtimes promises a slot
    /// within two seconds, or nothing has finished yet. As many again may wait whose client has nothing here: a flood must not keep
    /// others out. Clients take turns, the more urgent first; of one client the first that came.
    public mutating func admit(
        _ request: UInt64, model: ModelKey, backend: String, turn: Turn = Turn(), now: Instant
    ) -> Admission {
        if places[request] != nil { return busy("duplicate") }
        if draining { return busy("draining") }
        guard let assumed = slots[backend] else { return busy("no_backend") }
        guard places.count < Self.requestLimit else { return busy("slots") }
        let name = Lane.Name(backend: backend, model: model)
        let isDue = trials.isOff ? false : trials.isDue(name, now: now)
        let count = slots(name, assumed)
        // Changed where it stands: a copy of a lane is a copy of all that runs there.
        let started = lanes.updateValue(forKey: name, default: Lane()) { $0.startIfFree(request, turn, slots: count, now: now) }
        if started {
            places[request] = .running(name)
            runningCount += 1
            if !trials.isOff { trials.started(request, name, assumed: assumed, now: now) }
            forgetOldLanes()
            return .run
        }
        let lane = lanes[name] ?? Lane()
        let isNew = lane.isNew(turn.client)
        let eta = lane.etaSeconds(slots: count, ahead: isNew ? 0 : lane.waiting.count, now: now)
        let longest = Double(Self.longestWait.wholeMilliseconds) / 1000
        let room = isNew ? 2 * count : count
        // Who would wait here anyway, or has waited for all machines, loses nothing where the engine turns out to take one more
        // only when another ends.
        if isDue, lane.waiting.isEmpty, lane.running.count == count,
            (eta ?? 0) < (turn.waited > .zero ? Self.longestTrialSeconds : longest)
        {
            lanes[name]?.start(request, turn, now: now)
            places[request] = .running(name)
            runningCount += 1
            trials.started(request, name, assumed: assumed, isProbe: true, now: now)
            return .run
        }
        if lane.waiting.count < room && (eta ?? 0) < longest {
            lanes[name]?.queue(request, turn, now: now)
            places[request] = .waiting(name)
            return .wait
        }
        return busy("slots", etaSeconds: eta)
    }

    /// A running request ended; returns the waiting request that runs next, if any. A waiting or unknown request changes nothing.
    ///
    /// Its runtime counts for the estimates, so call this for requests that an engine served, and `abandoned` for all others.
    public mutating func finished(_ request: UInt64, now: Instant) -> UInt64? {
        guard case .running(let name) = places[request] else { return nil }
        return stop(request, name, now: now, counts: true)
    }

    /// A waiting request was given up. For a running one: as `finished`, without counting its runtime; returns who runs next.
    @discardableResult
    public mutating func abandoned(_ request: UInt64, now: Instant) -> UInt64? {
        switch places[request] {
        case nil: return nil
        case .running(let name): return stop(request, name, now: now, counts: false)
        case .waiting(let name):
            places[request] = nil
            lanes[name]?.dropWaiting(request)
            return nil
        }
    }

    /// Running and waiting requests.
    public var counts: (inFlight: Int, queued: Int) { (runningCount, places.count - runningCount) }

    /// Running and waiting requests, in all and per model, in a fixed order.
    public var load: SlotLoad {
        var load = SlotLoad()
        load.inFlight = runningCount
        load.queued = places.count - runningCount
        load.models = lanes.elements.filter { !$0.value.isIdle }.sorted { $0.key < $1.key }.map { name, lane in
            SlotLoad.ModelLoad(backend: name.backend, model: name.model, inFlight: lane.running.count, queued: lane.waiting.count)
        }
        return load
    }

    /// The 75th percentile of a model's last runtimes here, milliseconds; nil while none is known.
    public func serviceMilliseconds(of model: ModelKey) -> Double? {
        lanes.elements.first { $0.key.model == model && $0.value.services.count > 0 }?.value.services.p75
    }

    /// Who waits for a slot of this machine: per engine and model, in a fixed order, the next one first.
    public func standings(now: Instant) -> [SlotStanding] {
        lanes.elements.filter { !$0.value.waiting.isEmpty }.sorted { $0.key < $1.key }.flatMap { name, lane in
            lane.standings(slots: slots(name, slots[name.backend] ?? 0), now: now).enumerated().map { offset, standing in
                SlotStanding(
                    id: standing.request, backend: name.backend, model: name.model, turn: standing.place.turn,
                    position: offset + 1, since: standing.place.since, estimatedMilliseconds: standing.estimate)
            }
        }
    }

    // MARK: Where the number of slots is assumed

    /// The first bytes of a running request's streamed answer are here. Returns a waiting request that runs next, and whether this
    /// one was let in beyond the slots to see what the engine does with it.
    public mutating func spoke(_ request: UInt64, now: Instant) -> (next: UInt64?, isTrial: Bool) {
        guard !trials.isOff, case .running(let name) = places[request] else { return (nil, false) }
        let isTrial = trials.isProbe(request, name)
        trials.spoke(request, name, now: now)
        guard let lane = lanes[name], !lane.waiting.isEmpty else { return (nil, isTrial) }
        let isDue = trials.isDue(name, now: now)
        let count = slots(name, slots[name.backend] ?? 0)
        if let next = lanes[name]?.promote(slots: count, now: now) { return (moved(next, to: name, now: now), isTrial) }
        guard isDue, !draining, lane.running.count == count, let next = lanes[name]?.promote(slots: count + 1, now: now) else {
            return (nil, isTrial)
        }
        return (moved(next, to: name, isProbe: true, now: now), isTrial)
    }

    /// A running request's client reads slowly, so that its end says nothing of the engine.
    public mutating func held(_ request: UInt64) {
        guard !trials.isOff, case .running(let name) = places[request] else { return }
        trials.held(request, name)
    }

    /// Where engines showed more slots than were assumed, in a fixed order.
    public var raised: [(backend: String, slots: RaisedSlots)] {
        trials.raised(over: slots).map { ($0.0.backend, RaisedSlots(model: $0.0.model, slots: $0.1)) }
    }

    /// How many requests of a model an engine runs at once, as it showed or was told; nil for an engine that is not here.
    public func slots(of model: ModelKey, backend: String) -> Int? {
        slots[backend].map { slots(Lane.Name(backend: backend, model: model), $0) }
    }

    private mutating func stop(_ request: UInt64, _ name: Lane.Name, now: Instant, counts: Bool) -> UInt64? {
        places[request] = nil
        runningCount -= 1
        // In place: optional chaining takes the lane out and puts it back.
        guard let place = lanes.index(forKey: name) else { return nil }
        lanes.values[place].stop(request, now: now, counts: counts)
        if !trials.isOff { trials.ended(request, name, now: now) }
        guard !lanes.values[place].waiting.isEmpty else { return nil }
        let count = slots(name, slots[name.backend] ?? 0)
        guard let next = lanes.values[place].promote(slots: count, now: now) else { return nil }
        return moved(next, to: name, now: now)
    }

    /// A waiting request runs now.
    private mutating func moved(_ request: UInt64, to name: Lane.Name, isProbe: Bool = false, now: Instant) -> UInt64 {
        places[request] = .running(name)
        runningCount += 1
        if !trials.isOff {
            trials.started(request, name, assumed: slots[name.backend] ?? 0, isProbe: isProbe, now: now)
        }
        return request
    }

    /// What an engine runs at once for a model: as it showed, else as it was told.
    private func slots(_ name: Lane.Name, _ told: Int) -> Int { trials.isOff ? told : trials.slots(name, assumed: told) }

    private func busy(_ reason: String, etaSeconds: Double? = nil) -> Admission {
        .busy(
            Busy(
                reason: reason, inFlight: runningCount, queued: places.count - runningCount,
                etaMilliseconds: etaSeconds.map { Int(min($0, 86_400) * 1000) }))
    }

    /// Whoever sends requests names the models, so idle lanes are kept within a bound.
    private mutating func forgetOldLanes() {
        guard lanes.count > Self.laneLimit, let place = lanes.values.firstIndex(where: { $0.isIdle }) else { return }
        lanes.remove(at: place)
    }
}
