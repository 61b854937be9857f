import Logging
import Outbound

/// Watches one engine: asks it, and tells when what is known changes.
actor BackendMonitor {
    nonisolated let spec: BackendSpec
    private nonisolated let waker = Waker()
    private let client: OutboundClient
    private let pace: BackendsPace
    private let logger: Logger
    private let publish: @Sendable (BackendSpec, BackendState) -> Void
    private var prober: any EngineProber
    private var state = BackendState()
    private var failures = 0
    private var fullAt: ContinuousClock.Instant?
    /// What the engine's process says of its slots, looked at with every full probe.
    private var process: SlotFinding?

    init(
        spec: BackendSpec, client: OutboundClient, pace: BackendsPace, logger: Logger,
        publish: @escaping @Sendable (BackendSpec, BackendState) -> Void
    ) {
        self.spec = spec
        self.client = client
        self.pace = spec.address.isSecure ? pace.ofOutside : pace
        self.logger = logger
        self.publish = publish
        prober = makeProber(spec.kind, engine: spec.id)
    }

    /// A request to the engine failed: it is asked at once.
    nonisolated func trouble() { waker.poke(.trouble) }

    /// The engine has other models than before: its lists are read at once.
    nonisolated func modelsChanged() { waker.poke(.models) }

    /// Ends `run`.
    nonisolated func retire() { waker.retire() }

    /// Watches until the task is cancelled or the engine is retired.
    func run() async {
        var suspected = false
        while !Task.isCancelled, !waker.isRetired {
            let began = ContinuousClock.now
            let wait = await round(suspected: suspected)
            let calls = await waker.sleep(for: wait)
            suspected = calls.contains(.trouble)
            if calls.contains(.models) { fullAt = nil }
            let rest = pace.least - (ContinuousClock.now - began)
            if !calls.isEmpty, rest > .zero { try? await Task.sleep(for: rest) }
        }
    }

    /// One probe. Returns how long to wait for the next.
    private func round(suspected: Bool) async -> Duration {
        let caller = EngineCaller(
            client: client, address: spec.address, access: spec.access, timeout: suspected ? pace.troubleTimeout : pace.timeout)
        let now = ContinuousClock.now
        let full = !state.reachable || fullAt.map { now - $0 >= pace.full } ?? true
        do {
            if !state.reachable { try await PeerCheck.refusePeer(with: caller) }
            let facts = try await prober.probe(full: full, with: caller)
            if full {
                fullAt = now
                if spec.address.isLocal, spec.slotsPerModel == nil {
                    process = EngineProcess().slots(spec.kind, port: spec.address.port)
                }
            }
            answered(facts)
            if let more = await prober.learn(with: caller) {
                answered(more)
                // There may be more to learn.
                return pace.least
            }
            return pace.light
        } catch {
            return failed(error, suspected: suspected)
        }
    }

    private func answered(_ all: EngineFacts) {
        failures = 0
        let facts = spec.models.applied(to: all)
        if !state.reachable, facts.available.count == ModelChoice.limit, all.available.count > ModelChoice.limit {
            logger.warning(
                "An engine lists more models than are offered: choose some with models=NAMES",
                metadata: ["backend.id": "\(spec.id)", "models": "\(all.available.count)", "offered": "\(facts.available.count)"])
        }
        if !state.reachable {
            logger.info(
                "An engine answers",
                metadata: [
                    "backend.id": "\(spec.id)", "backend.url": "\(spec.address.url)", "backend.version": "\(facts.version)",
                ])
        }
        var next = BackendState(reachable: true, facts: facts)
        next.facts.process = process
        state = next
        publish(spec, next)
    }

    private func failed(_ problem: BackendProblem, suspected: Bool) -> Duration {
        if Task.isCancelled { return .zero }
        failures += 1
        // One lost answer is no loss of the engine, unless a request of a client was lost before it.
        if state.reachable, failures < 2, !suspected { return pace.again }
        if state.reachable || state.problem != problem {
            logger.warning(
                "An engine cannot be used",
                metadata: ["backend.id": "\(spec.id)", "backend.url": "\(spec.address.url)", "problem": "\(problem.text)"])
        }
        state = BackendState(reachable: false, problem: problem)
        fullAt = nil
        publish(spec, state)
        return pace.away
    }
}
