import FoundationEssentials
import Gossip
public import Logging
public import Outbound
import Synchronization

/// Watches the engines of this machine and keeps a snapshot of what they have.
///
/// `run()` probes them until its task is cancelled. An engine that stops answering is noticed within seconds, or at once when a
/// failed request is reported with `trouble(_:)`. No probe ever makes a model work.
public final class BackendsService: Sendable {
    private struct State {
        var order: [BackendSpec] = []
        var monitors: [String: BackendMonitor] = [:]
        var states: [String: BackendState] = [:]
        var current = BackendsSnapshot()
        var told = SnapshotMaker.Digest()
        var subscribers: [Int: AsyncStream<BackendsSnapshot>.Continuation] = [:]
        var nextSubscriber = 0
    }

    private let state = Mutex(State())
    private let client: OutboundClient
    private let pace: BackendsPace
    private let logger: Logger
    private let maker: SnapshotMaker
    private let arrivals: AsyncStream<BackendMonitor>
    private let arrival: AsyncStream<BackendMonitor>.Continuation

    /// A service for some engines. Their ids must differ (`BackendSpec.all` sees to that); of two with one id the first counts.
    /// - Parameters:
    ///   - client: what the engines are asked with.
    ///   - environment: where `OLLAMA_NUM_PARALLEL` is looked for; nil for this program's.
    ///   - pace: how often they are asked.
    public init(
        specs: [BackendSpec], client: OutboundClient, logger: Logger, pace: BackendsPace = BackendsPace(),
        environment: [String: String]? = nil
    ) {
        self.client = client
        self.pace = pace
        self.logger = logger
        maker = SnapshotMaker(parallelism: Parallelism(environment: environment ?? ProcessInfo.processInfo.environment))
        (arrivals, arrival) = AsyncStream.makeStream(of: BackendMonitor.self)
        for spec in specs { add(spec) }
    }

    /// Watches the engines until the task is cancelled. Call it once.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for await monitor in arrivals {
                group.addTask { await monitor.run() }
            }
            // The loop ends with the task; its children are told so here.
            group.cancelAll()
        }
        let subscribers = state.withLock { state in
            defer { state.subscribers = [:] }
            return state.subscribers
        }
        for subscriber in subscribers.values { subscriber.finish() }
    }

    /// What is known now. Engines that were not asked yet are in it as not reachable.
    public var current: BackendsSnapshot { state.withLock { $0.current } }

    /// Snapshots: the present one first, then one whenever something changes that the fleet should know. A reader that is too
    /// slow gets the newest. How long a model stays loaded and how many slots are busy is fresh in each, but does not make one
    /// (at most once a minute).
    public func updates() -> AsyncStream<BackendsSnapshot> {
        let (stream, continuation) = AsyncStream.makeStream(of: BackendsSnapshot.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.nextSubscriber += 1
            state.subscribers[state.nextSubscriber] = continuation
            continuation.yield(state.current)
            return state.nextSubscriber
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.subscribers[id] = nil }
        }
        return stream
    }

    /// A request to an engine failed before its answer: the engine is asked at once, at most five times a second.
    public func trouble(_ id: String) {
        state.withLock { $0.monitors[id] }?.trouble()
    }

    /// An engine has other models than before: it is asked at once, at most five times a second.
    public func modelsChanged(_ id: String) {
        state.withLock { $0.monitors[id] }?.modelsChanged()
    }

    /// Watches one more engine. Nothing happens when there is one of that id.
    public func add(_ spec: BackendSpec) {
        let monitor = BackendMonitor(spec: spec, client: client, pace: pace, logger: logger) { [weak self] spec, state in
            self?.take(spec, state)
        }
        let isNew = state.withLock { state in
            guard state.monitors[spec.id] == nil else { return false }
            state.order.append(spec)
            state.monitors[spec.id] = monitor
            refresh(&state)
            return true
        }
        if isNew { arrival.yield(monitor) }
    }

    /// Forgets an engine.
    public func remove(_ id: String) {
        let monitor = state.withLock { state in
            state.order.removeAll { $0.id == id }
            state.states[id] = nil
            let monitor = state.monitors.removeValue(forKey: id)
            refresh(&state)
            return monitor
        }
        monitor?.retire()
    }

    private func take(_ spec: BackendSpec, _ news: BackendState) {
        state.withLock { state in
            // A probe may end after its engine was forgotten.
            guard state.monitors[spec.id]?.spec == spec else { return }
            state.states[spec.id] = news
            refresh(&state)
        }
    }

    private func refresh(_ state: inout State) {
        let (snapshot, digest) = maker.make(state.order, state.states)
        state.current = snapshot
        guard digest.differs(from: state.told) else { return }
        state.told = digest
        for subscriber in state.subscribers.values { subscriber.yield(snapshot) }
    }
}
