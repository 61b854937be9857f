import CAvahi
import Logging

/// One connection to Avahi with all that hangs on it, kept up until `close()`.
///
/// Everything runs on one thread; Avahi's callbacks enter by `assumeIsolated`. Nothing is freed inside a callback
/// except resolvers (Avahi allows that); what has to be rebuilt is rebuilt from the alarm.
actor AvahiSession {
    /// What a session does.
    struct Plan: Sendable {
        /// Nil announces nothing.
        var announcement: Announcement?
        var announcedType = ServiceType.peer
        var browsedType = ServiceType.peer
        /// Ask the daemon for its version: one more call, for the doctor.
        var asksVersion = false
    }

    /// Between attempts to reach the bus.
    static let retry: Duration = .seconds(1)
    /// A client that waits longer for a daemon is made anew: one made while the daemon hung never notices its return.
    static let connectingLimit: Duration = .seconds(10)
    /// A resolve without any answer is given up after this; Avahi itself answers within 5 s.
    static let resolveLimit: Duration = .seconds(20)
    /// Between two re-announcements.
    static let reannounceGap: Duration = .seconds(5)
    /// After a refused announcement.
    static let republish: Duration = .seconds(10)

    nonisolated let thread: AvahiThread
    nonisolated let board: SessionBoard
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    let plan: Plan
    let log: Logger
    var client: OpaquePointer?
    var group: OpaquePointer?
    var browser: OpaquePointer?
    var resolvers: [(pointer: OpaquePointer, key: ServiceKey, since: ContinuousClock.Instant)] = []
    /// Held while a client exists: callbacks carry it.
    private var context: Unmanaged<AvahiSession>?
    private var closed = false

    /// The name to announce; changes when it is taken.
    var instanceName: String?
    var book: SightingBook
    var schedule = ResolveSchedule()
    /// The daemon answers: browsing and resolving work.
    var isRunning = false
    /// The machine's name is settled: announcing works.
    var isSettled = false
    var lastAnnounced: ContinuousClock.Instant?

    var reconnectAt: ContinuousClock.Instant?
    var connectingSince: ContinuousClock.Instant?
    var republishAt: ContinuousClock.Instant?

    init(thread: AvahiThread, plan: Plan, board: SessionBoard, log: Logger) {
        self.thread = thread
        self.plan = plan
        self.board = board
        self.log = log
        book = SightingBook(ownShortID: plan.announcement?.shortID)
        instanceName = plan.announcement.map { InstanceName.make(hostName: $0.hostName, shortID: $0.shortID) }
    }

    /// Connects, and stays connected until `close()`.
    func start() {
        guard !closed else { return }
        connect()
        arm()
    }

    /// Says goodbye and frees everything. Nothing happens after it.
    func close() {
        closed = true
        board.close()
        disconnect()
        board.change { $0.state = .off }
        thread.setAlarm(at: nil) {}
    }

    /// What callbacks get as their context.
    var contextPointer: UnsafeMutableRawPointer? { context?.toOpaque() }

    private func connect() {
        reconnectAt = nil
        let context = Unmanaged.passRetained(self)
        self.context = context
        var code: Int32 = 0
        // The first callback comes inside this call.
        let made = avahi_client_new(
            thread.pollAPI, AVAHI_CLIENT_NO_FAIL, Self.onClient, context.toOpaque(), &code)
        client = made
        if made == nil {
            context.release()
            self.context = nil
            forget()
            let error = AvahiError(code)
            report(error.isNoDaemon ? .noBus : .connecting("Avahi says: \(error.text)"), error)
            reconnectAt = .now + Self.retry
        } else if plan.asksVersion, isRunning, let version = avahi_client_get_version_string(made) {
            let text = String(cString: version)
            board.change { $0.version = text }
        }
    }

    private func disconnect() {
        let old = client
        forget()
        if let old { avahi_client_free(old) }
        context?.release()
        context = nil
    }

    /// Drops every pointer: they die with the client.
    private func forget() {
        client = nil
        group = nil
        browser = nil
        resolvers = []
        isRunning = false
        isSettled = false
        connectingSince = nil
        republishAt = nil
        schedule.forgetAll()
        book.forgetAll()
        board.change {
            $0.announced = false; $0.browsed = false; $0.peers = 0
        }
    }

    /// The client has to be made anew; not now, because a callback may be on the stack.
    func reconnectSoon(after error: AvahiError, _ delay: Duration = AvahiSession.retry) {
        isRunning = false
        isSettled = false
        report(.connecting("the connection to Avahi was lost (\(error.text)), trying again"), error)
        if reconnectAt == nil { reconnectAt = .now + delay }
        arm()
    }

    /// Publishes the state; logs it when it is new.
    func report(_ state: DiscoveryState, _ error: AvahiError? = nil) {
        let old = board.facts.state
        board.change { facts in
            facts.state = state
            if let error { facts.lastError = error.text }
        }
        guard old != state else { return }
        log.info(
            "mDNS changed",
            metadata: ["mdns.state": "\(state.word)", "mdns.explanation": "\(state.sentence)"])
    }

    /// Sets the alarm to the earliest thing to do.
    func arm() {
        guard !closed else { return }
        let due = [
            reconnectAt, connectingSince.map { $0 + Self.connectingLimit }, republishAt,
            resolvers.map { $0.since + Self.resolveLimit }.min(), isRunning ? schedule.nextDue : nil,
        ].compactMap { $0 }.min()
        thread.setAlarm(at: due) { [weak self] in self?.assumeIsolated { $0.alarm() } }
    }

    /// Runs on the thread, outside of callbacks.
    private func alarm() {
        let now = ContinuousClock.now
        if let since = connectingSince, now >= since + Self.connectingLimit { reconnectAt = now }
        if let at = reconnectAt, now >= at {
            disconnect()
            connect()
        }
        if let at = republishAt, now >= at { announceAnew() }
        dropSilentResolvers(now)
        resolveDue(now)
        arm()
    }
}
