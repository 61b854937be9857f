public import Discovery
public import Gossip
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// The mesh of one peer: runs `Herd` over UDP and TCP, keeps the current view, and takes this peer's own reports.
///
/// Make it first (it takes the data directory and settles the identity), then `run()` it as the last service of the group, so
/// that it is stopped first and says goodbye while everything else still works.
public final class MeshService: Service {
    /// Makes the discovery for what this peer announces.
    public typealias DiscoveryFactory = @Sendable (Announcement) -> any Discovering

    /// Who this peer is. It changes when another, older process turns out to live under the same id.
    public var identity: PeerIdentity { state.identity }
    /// TLS for the peer links; nil in an open fleet.
    public let linkSecurity: LinkSecurity?
    let keyBox: KeyBox
    let settingsBox: SettingsBox
    let historyTap: (@Sendable (HistoryTap) -> Void)?
    private let state: StateDirectory
    private let loop: any EventLoop
    private let group: MultiThreadedEventLoopGroup
    private let worker: NIOThreadPool
    private let resolver: NIOThreadPool
    private let core: NIOLoopBoundBox<MeshCore>
    private let views: ViewBox
    private let announcements: AsyncStream<Announcement>
    private let announcer: AsyncStream<Announcement>.Continuation
    private let makeDiscovery: DiscoveryFactory
    private let clock: any MeshClock
    private let life = Mutex(Life())
    private let progressSeen = Mutex<[PeerID: Instant]>([:])
    private let stopSignal: AsyncStream<Never>
    private let stopContinuation: AsyncStream<Never>.Continuation

    private struct Life {
        var starting: EventLoopFuture<Void>?
        var stopping: EventLoopFuture<Void>?
    }

    /// Opens the state directory, takes its lock and counts the generation up. Nothing is sent before `start` or `run`.
    ///
    /// - Throws: when the data directory cannot be read or written, or is in use.
    public convenience init(
        configuration: MeshConfiguration, clock: any MeshClock = SystemMeshClock(), logger: Logger,
        discovery: @escaping DiscoveryFactory = { _ in NoDiscovery() }
    ) throws(StateDirectoryError) {
        let state = try StateDirectory.open(path: configuration.dataDirectory)
        self.init(
            configuration: configuration, state: state, clock: clock, logger: logger, discovery: discovery,
            makeRules: { setup in
                Herd(
                    configuration: setup.configuration, selfRecord: setup.selfRecord, durable: setup.durable, seed: setup.seed,
                    now: setup.now, remembered: setup.remembered)
            })
    }

    /// For tests: other rules, another state directory.
    init(
        configuration: MeshConfiguration, state: StateDirectory, clock: any MeshClock, logger: Logger,
        discovery: @escaping DiscoveryFactory, makeRules: @escaping MeshCore.RulesFactory
    ) {
        self.state = state
        linkSecurity = state.linkSecurity
        let keys = state.ring.map(FleetKeys.init) ?? .open(fleet: configuration.fleetName)
        keyBox = KeyBox(keys, pin: linkSecurity?.pin)
        self.clock = clock
        makeDiscovery = discovery
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = group.any()
        worker = NIOThreadPool(numberOfThreads: 1)
        resolver = NIOThreadPool(numberOfThreads: 2)
        worker.start()
        resolver.start()
        let me = MemberView(id: state.identity.id, name: configuration.name, status: .alive)
        views = ViewBox(FleetView(number: 0, selfID: state.identity.id, members: [me], router: nil))
        (stopSignal, stopContinuation) = AsyncStream.makeStream()
        (announcements, announcer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let made = MeshCore(
            configuration: configuration, clock: clock, logger: logger, loop: loop, state: state, keyBox: keyBox,
            views: views,
            worker: worker, resolver: resolver, makeRules: makeRules)
        settingsBox = made.settings
        if let history = made.history {
            historyTap = { tap in
                history.append(HistoryEntry(tap, now: clock.boot(), wallMilliseconds: clock.wallMilliseconds()))
            }
        } else {
            historyTap = nil
        }
        core = NIOLoopBoundBox.makeBoxSendingValue(made, eventLoop: loop)
    }

    deinit {
        // For one that was never shut down: its sockets must not outlive its loop.
        loop.execute { [core] in if core.value.phase == .running { core.value.vanish() } }
        worker.shutdownGracefully { _ in }
        resolver.shutdownGracefully { _ in }
        group.shutdownGracefully { _ in }
    }

    // MARK: Life

    /// Opens the mesh port and starts the rules. Calling it again waits for the same start.
    ///
    /// - Throws: `MeshStartError` when the port cannot be opened, or after a shutdown.
    public func start() async throws {
        let starting = life.withLock { life in
            if let starting = life.starting { return starting }
            let starting = loop.submit { [core, announcer] in
                core.value.announce = { announcer.yield($0) }
                announcer.yield(try core.value.start())
            }
            life.starting = starting
            return starting
        }
        try await starting.get()
    }

    /// Starts if need be, runs discovery, and returns after the goodbye: on graceful shutdown, cancellation or `shutdown()`.
    public func run() async throws {
        try await start()
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.discover() }
            await waitForStop()
            await shutdown()
            tasks.cancelAll()
        }
    }

    /// Announces and browses, anew whenever the identity changes, until it is cancelled.
    private func discover() async {
        var running: Task<Void, Never>?
        for await announcement in announcements {
            running?.cancel()
            await running?.value
            running = Task { await discover(as: announcement) }
        }
        running?.cancel()
        await running?.value
    }

    private func discover(as announcement: Announcement) async {
        let discovery = makeDiscovery(announcement)
        loop.execute { [core] in core.value.discovery = discovery }
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await discovery.run() }
            for await event in discovery.events {
                guard let news = DiscoveryNews(event) else { continue }
                loop.execute { [core] in core.value.discovered(news) }
            }
        }
    }

    private func waitForStop() async {
        await withGracefulShutdownHandler {
            // Ends on cancellation, too.
            for await _ in stopSignal {}
        } onGracefulShutdown: { [stopContinuation] in
            stopContinuation.finish()
        }
    }

    /// Hands over, says goodbye, writes the remembered peers and closes the port: less than 200 ms. Can be called repeatedly.
    public func shutdown() async {
        stopContinuation.finish()
        let stopping = life.withLock { life in
            if let stopping = life.stopping { return stopping }
            let stopping = loop.flatSubmit { [core] in core.value.stop() }
            life.stopping = stopping
            return stopping
        }
        // It cannot fail.
        try? await stopping.get()
    }

    /// The machine is about to sleep: tells the others, and returns when that is out, after 120 ms.
    public func suspend() async {
        let done = loop.flatSubmit { [core] in core.value.suspend() }
        // It cannot fail.
        try? await done.get()
    }

    /// The machine is awake again, or did not sleep after all.
    public func awake() { loop.execute { [core] in core.value.awake() } }

    /// The mesh port that is really open: UDP, and TCP for the peer links.
    public func meshPort() async -> UInt16 { await onLoop { $0.meshPort } ?? 0 }

    // MARK: View

    /// The latest view; before the start it shows this peer alone.
    public var currentView: FleetView { views.current }

    /// Why the state directory cannot be written; nil while it can. Until then this peer gives no new grant (mesh protocol §2.4).
    public var storageProblem: String? { views.storageProblem }

    /// Calls `handler` with every new view, on the mesh's thread: it must be quick and must not wait.
    public func onView(_ handler: @escaping @Sendable (FleetView) -> Void) { views.add(handler) }

    /// All that the mesh can tell of itself.
    public func status() async -> MeshStatus? { await onLoop { $0.status() } }

    // MARK: This peer's own records

    /// This peer's load changed. An equal report costs nothing.
    public func publish(hot report: HotReport) { loop.execute { [core] in core.value.publish(hot: report) } }

    /// This peer's models changed. An equal report costs nothing.
    public func publish(models report: ModelsReport) { loop.execute { [core] in core.value.publish(models: report) } }

    /// This peer's fixed facts changed. Its name may get a suffix when another alive peer had it first.
    public func publish(fixed report: StaticReport) { loop.execute { [core] in core.value.publish(fixed: report) } }

    /// This peer's candidacy changed.
    public func publish(candidacy: Candidacy) { loop.execute { [core] in core.value.publish(candidacy: candidacy) } }

    /// What a relayed request showed of a peer. `progress` may be called for every chunk: it is thinned to two a second per peer.
    public func evidence(_ evidence: DataPathEvidence, of peer: PeerID) {
        if evidence == .progress {
            let now = clock.boot()
            let isNews = progressSeen.withLock { seen in
                if let last = seen[peer], now - last < .milliseconds(500) { return false }
                if seen.count >= 4_096 { seen = [:] }
                seen[peer] = now
                return true
            }
            guard isNews else { return }
        }
        loop.execute { [core] in core.value.apply(.evidence(evidence, of: peer)) }
    }

    // MARK: Router

    /// Whether a command that carries this fence may have an effect here now: this peer grants exactly this router and epoch.
    public func admits(epoch: UInt64, router: PeerID) async -> Bool {
        await onLoop { $0.rules?.admits(epoch: epoch, router: router, now: $0.clock.boot()) ?? false } ?? false
    }

    /// For how long this peer, as router, may still command `peer`; nil when it may not. Ask before every command.
    public func mayCommand(_ peer: PeerID) async -> Duration? {
        await onLoop { core -> Duration? in
            let now = core.clock.boot()
            guard core.phase == .running, let until = core.rules?.validUntil(peer, now: now), until > now else { return nil }
            return until - now
        } ?? nil
    }

    // MARK: Routes of the mesh port

    /// `POST /herd/v1/sync`: takes in what another peer tells and gives back the answer's body, JSON.
    ///
    /// The caller has checked `X-Herd-Fleet` with `admitsLink`. `remote` is the address that the connection came from.
    /// - Throws: `MeshSyncError`.
    public func handleSync(body: [UInt8], remote: IPAddress?) async throws -> [UInt8] {
        guard body.count <= SyncDocument.byteLimit else {
            await countRefusal()
            throw MeshSyncError.tooLong(bytes: body.count)
        }
        guard let message = SyncDocument.decode(body) else {
            await countRefusal()
            throw MeshSyncError.malformed
        }
        guard let answer = await onLoop({ $0.serveSync(message, remote: remote) }) ?? nil else { throw MeshSyncError.notRunning }
        return try SyncDocument.encode(answer)
    }

    /// `GET /herd/v1/mesh`: the facts of the mDNS announcement.
    public func meshFacts() async -> MeshFacts {
        MeshFacts(
            peerID: identity.id.hex, fleetTag: fleetKeys.tagHex, meshPort: await meshPort(),
            protocolVersion: SeedTable.protocolVersion)
    }

    // MARK: -

    /// For tests: stops without a word, as a crash does.
    func vanish() async { await onLoop { $0.vanish() } }

    private func countRefusal() async { await onLoop { $0.counters.syncsRefused += 1 } }

    func flatOnLoop<T: Sendable>(_ body: @escaping @Sendable (MeshCore) -> EventLoopFuture<T>) async throws -> T {
        try await loop.flatSubmit { [core] in body(core.value) }.get()
    }

    func onLoopFuture<T: Sendable>(_ body: @escaping @Sendable (MeshCore) -> EventLoopFuture<T>) async throws -> T {
        try await loop.flatSubmit { [core] in body(core.value) }.get()
    }

    @discardableResult
    func onLoop<T: Sendable>(_ body: @escaping @Sendable (MeshCore) -> T) async -> T? {
        try? await loop.submit { [core] in body(core.value) }.get()
    }
}
