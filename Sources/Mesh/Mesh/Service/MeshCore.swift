import Discovery
import Gossip
import Logging
import NIOCore
import NIOPosix

/// All that changes while the mesh runs: the rules, the sockets, the timers. Confined to the mesh's event loop.
///
/// It decides nothing about membership or election: it feeds `Herd` and does what `Herd` says, in its order.
final class MeshCore {
    /// Makes the rules at start.
    typealias RulesFactory = @Sendable (RulesSetup) -> any HerdRules

    /// Between two ticks: resume detection, retries, files.
    static let tick: Duration = .milliseconds(500)
    /// Between two tries to write the lease row after a failure.
    static let storageRetry: Duration = .seconds(2)
    /// A view is made at once, then at most this often.
    static let viewSpacing: Duration = .milliseconds(20)

    let configuration: MeshConfiguration
    let clock: any MeshClock
    let logger: Logger
    let loop: any EventLoop
    let state: StateDirectory
    let keyBox: KeyBox
    let views: ViewBox
    /// For JSON and files.
    let worker: NIOThreadPool
    /// For `getaddrinfo`, which may block for long.
    let resolver: NIOThreadPool
    let makeRules: RulesFactory

    var rules: (any HerdRules)?
    var discovery: (any Discovering)?
    var sockets: [DatagramSocket] = []
    var sealer: DatagramSealer
    var opener: DatagramOpener
    var counters = MeshCounters()
    var limiter = LogLimiter()
    var recentNotes: [MeshStatus.Note] = []
    var phase = Phase.new
    var startedAt = Instant.zero

    // Events and time.
    var queue: [HerdEvent] = []
    var isApplying = false
    var resume: ResumeDetector
    var tickDue = Instant.zero
    var timer: Scheduled<Void>?
    var timerDue = Instant.distantFuture

    // Durable state.
    var written: DurableLease
    /// A row that could not be written.
    var unwritten: DurableLease?
    var storageRetryAt = Instant.distantFuture
    var lastStorageError: String?
    let peersFile: PeersFile
    var peersDirty = false
    var peersSavedAt = Instant.zero
    /// The names that `peers.json` had, for peers not met again yet.
    var rememberedNames: [PeerID: String] = [:]
    let history: HistoryFile?
    let settingsFile: SettingsFile
    let settings = SettingsBox()
    /// Settings that are not on disk yet; one write at a time.
    var unsavedSettings: [SettingEntry]?
    var isSavingSettings = false

    // This peer's own records.
    var ownHot: HotReport?
    var ownModels: [UInt8]?
    var ownFixed: StaticReport
    var fixedPayload: [UInt8]?
    var candidacy: Candidacy
    var nameHeldSeconds: Int?
    var nameSuffixed = false

    // Links, seeds and view.
    var syncs = SyncQueue()
    var tunnels = TunnelQueue()
    var tunnelFlushDue = false
    /// While a tunnelled datagram is handled: what goes back to its sender.
    var tunnelAnswer: TunnelAnswer?
    var link: RouterLink?
    var seeds: SeedTable
    var viewBuilder: ViewBuilder
    var viewDirty = false
    var viewDue = Instant.zero
    var reannouncing = ReannounceSchedule()
    var sightings: TokenBudget

    // Keys.
    var rotation = KeyRotation()
    var ringStamp: KeyRingFile.Stamp?
    var ringPollDue = Instant.zero
    var leapDue = Instant.zero
    /// The file holds this peer's ring, and nothing that it cannot use.
    var ringFileIsUsable = true
    var keyProblem: String?
    var unknownKeyAt: Instant?
    var helloBudget: TokenBudget
    /// Who is where, for calls to an address.
    var peersByEndpoint: [Endpoint: PeerID] = [:]
    /// Nil where the address was given and does not change.
    var addressWatch: AddressWatch?
    /// Told of what is to be announced when the identity changes.
    var announce: (Announcement) -> Void = { _ in }

    // The end.
    /// Farewells that are sent again.
    static let farewellLimit = 512
    /// How long answers to the goodbye are heard: a round trip on a bad link.
    static let farewellTime = TimeAmount.milliseconds(120)
    var isStopping = false
    /// What is sent now is a goodbye.
    var collectsFarewells = false
    /// When the machine's sleep was announced; nil while it is awake.
    var suspendedAt: Instant?
    var farewells: [(Datagram, Endpoint)] = []

    enum Phase { case new, running, stopped }

    init(
        configuration: MeshConfiguration, clock: any MeshClock, logger: Logger, loop: any EventLoop, state: StateDirectory,
        keyBox: KeyBox, views: ViewBox, worker: NIOThreadPool, resolver: NIOThreadPool, makeRules: @escaping RulesFactory
    ) {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        self.loop = loop
        self.state = state
        self.keyBox = keyBox
        self.views = views
        self.worker = worker
        self.resolver = resolver
        self.makeRules = makeRules
        let key = keyBox.current
        let id = state.identity.id
        let now = clock.boot()
        sealer = DatagramSealer(keys: key, sender: id.short)
        opener = DatagramOpener(keys: key)
        resume = ResumeDetector(boot: now, monotonic: clock.monotonic(), tickDue: now + Self.tick)
        written = state.durable
        settingsFile = SettingsFile(directory: configuration.dataDirectory)
        history = configuration.historyFile.map {
            HistoryFile(path: $0, peer: id, generation: state.identity.generation, worker: worker)
        }
        peersFile = PeersFile(directory: configuration.dataDirectory, keepFor: configuration.rules.rememberFor)
        ownFixed = StaticReport(name: configuration.name)
        candidacy = configuration.candidacy
        seeds = SeedTable(configuration.seeds, selfID: id, fleetTag: key.tagHex, seed: id.low, now: now)
        viewBuilder = ViewBuilder(selfID: id, selfName: configuration.name)
        sightings = TokenBudget(burst: 64, perSecond: 16, now: now)
        helloBudget = TokenBudget(burst: 128, perSecond: 64, now: now)
        leapDue = now + Self.leapInterval
        ringStamp = state.ringFile.stamp
        if let ring = state.ring { state.linkSecurity?.pins.revoke(Set(ring.revoked.map(\.peer))) }
    }

    /// The fleet's keys.
    var key: FleetKeys { keyBox.current }

    var selfID: PeerID { state.identity.id }

    /// The mesh port that is really open.
    var meshPort: UInt16 { sockets.first?.local.port ?? configuration.meshPort }
}
