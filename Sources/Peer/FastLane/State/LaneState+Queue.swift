internal import Gossip
internal import Routing
internal import Synchronization

extension LaneState {
    /// What waits and runs here now.
    ///
    /// Copied under the lock and worked out after it: a long line takes its time to sort.
    public var queue: QueueSnapshot {
        let now = LaneClock.now
        let (contents, backends) = contents.withLock { (QueueContents($0), $0.backends) }
        var snapshot = QueueSnapshot()
        snapshot.load = contents.slots.load
        snapshot.models = contents.models.sorted { ($0.node, $0.model) < ($1.node, $1.model) }
        snapshot.rejected = contents.rejected
        let me = contents.view.me?.name ?? configuration.nodeName
        snapshot.waiting = contents.slots.standings(now: now).compactMap { standing in
            guard let waiter = contents.slotWaiters[standing.id] else { return nil }
            return QueueSnapshot.Waiting(
                request: waiter.request, model: waiter.model, node: me, reason: .slot, priority: standing.turn.priority,
                position: standing.position, waitedMilliseconds: max(0, (now - standing.since).wholeMilliseconds),
                estimatedMilliseconds: standing.estimatedMilliseconds)
        }
        var machines: [LineKind: [WaitEstimate.Machine]] = [:]
        for standing in contents.line.standings(now: now) {
            guard let waiter = contents.lineWaiters[standing.id] else { continue }
            let kind = LineKind(model: standing.model, peers: standing.peers)
            let able = machines[kind] ?? contents.machines(standing.peers, model: standing.model, backends)
            machines[kind] = able
            snapshot.waiting.append(
                QueueSnapshot.Waiting(
                    request: waiter.request, model: waiter.model, node: waiter.node, reason: waiter.reason,
                    priority: standing.turn.priority, position: standing.position,
                    waitedMilliseconds: max(0, (now - standing.since).wholeMilliseconds),
                    estimatedMilliseconds: WaitEstimate.milliseconds(position: standing.position, machines: able),
                    patienceMilliseconds: max(0, (waiter.deadline - now).wholeMilliseconds)))
        }
        return snapshot
    }

    /// Milliseconds until a request at `position` of the line would run; nil while no runtime is known.
    func estimatedWait(position: Int, model: ModelKey, peers: [PeerID]) -> Double? {
        let (contents, backends) = contents.withLock { (QueueContents($0), $0.backends) }
        return WaitEstimate.milliseconds(position: position, machines: contents.machines(peers, model: model, backends))
    }

    /// The last hundred requests that were ended because this machine's engines sent nothing for too long, oldest first.
    public var reaped: [ReapedRequest] { contents.withLock { $0.reaped } }

    func note(_ reaped: ReapedRequest) {
        contents.withLock { contents in
            contents.counters.reaped += 1
            contents.reaped.append(reaped)
            if contents.reaped.count > 100 { contents.reaped.removeFirst() }
        }
    }

    /// Calls that are kept for requests that wait, and requests that wait for models to be fetched: zero when nothing waits.
    var heldPlaces: Int { contents.withLock { $0.slotWaiters.count + $0.lineWaiters.count + $0.fetching + $0.ensembles } }

    /// How many wait in line for a model.
    func waitingCount(of model: ModelKey) -> Int { contents.withLock { $0.line.count(of: model) } }

    private struct LineKind: Hashable {
        var model: ModelKey
        var peers: [PeerID]
    }
}

/// The part of the shared contents that tells of waiting; copying it costs no more than references.
private struct QueueContents {
    let view: FleetView
    let slots: SlotTable
    let slotWaiters: [UInt64: SlotWaiter]
    let line: WaitLine
    let lineWaiters: [UInt64: LineWaiter]
    let models: [LaneCounters.NodeModel]
    let rejected: Int

    init(_ contents: LaneState.Contents) {
        view = contents.view
        slots = contents.slots
        slotWaiters = contents.slotWaiters
        line = contents.line
        lineWaiters = contents.lineWaiters
        models = contents.nodeModels
        rejected = contents.counters.rejected
    }

    /// Machines as the estimate wants them.
    func machines(_ peers: [PeerID], model: ModelKey, _ backends: [LocalBackend]) -> [WaitEstimate.Machine] {
        let load = slots.load
        return peers.compactMap { peer in
            guard let member = view.member(peer), let models = member.models,
                let listed = models.available.first(where: { ModelKey(name: $0.name) == model })
            else { return nil }
            let isHere = peer == view.selfID
            let slots =
                (isHere ? self.slots.slots(of: model, backend: listed.backend) : nil)
                ?? models.backends.first { $0.id == listed.backend }?.slots(of: model) ?? 1
            let queued =
                isHere
                ? load.models.filter { $0.model == model }.reduce(0) { $0 + $1.queued }
                : Int(member.hot?.loaded.first { $0.key == model }?.queued ?? 0)
            let figures = self.models.first { $0.node == member.name && ModelKey(name: $0.model) == model }
            let service = figures?.service.p75 ?? (isHere ? self.slots.serviceMilliseconds(of: model) : nil)
            return WaitEstimate.Machine(slots: slots, serviceMilliseconds: service, queued: queued)
        }
    }
}
