import Gossip

/// All `--router-url` values and how far each has come (mesh protocol §6.3): a value, events in, actions out.
///
/// A seed is dialled as long as no alive member stands behind it: after 2, 4, 8 … 30 s, give or take a fifth, for ever.
struct SeedTable {
    static let clientPort: UInt16 = 11_435
    static let meshPort: UInt16 = 11_445
    static let protocolVersion = 1
    static let addressLimit = 4

    fileprivate enum Phase {
        case waiting
        case resolving
        /// Asking the first of these for its facts.
        case asking([IPAddress])
    }

    struct Entry {
        let url: SeedURL
        fileprivate var phase = Phase.waiting
        fileprivate var failures = 0
        fileprivate var due: Instant
        fileprivate var lastError: String?
        /// Who answered there last.
        fileprivate var peer: PeerID?
        /// Where it was dialled last.
        fileprivate var dialled: [Endpoint] = []
        fileprivate(set) var state: SeedState
    }

    private(set) var entries: [Entry]
    private let selfID: PeerID
    private let fleetTag: String
    private var random: SeededGenerator

    init(_ urls: [SeedURL], selfID: PeerID, fleetTag: String, seed: UInt64, now: Instant) {
        entries = urls.map { Entry(url: $0, due: now, state: .dialling(lastError: nil, nextTry: now)) }
        self.selfID = selfID
        self.fleetTag = fleetTag
        random = SeededGenerator(seed: seed)
    }

    /// When `wake` has something to do.
    var nextWake: Instant {
        entries.filter { isWaiting($0) && !isJoined($0) }.map(\.due).min() ?? .distantFuture
    }

    mutating func handle(_ event: SeedEvent, now: Instant) -> [SeedAction] {
        switch event {
        case .wake:
            return entries.indices.flatMap { startIfDue($0, now: now) }
        case .resolved(let seed, let addresses):
            guard entries.indices.contains(seed), case .resolving = entries[seed].phase else { return [] }
            return resolved(seed, addresses, now: now)
        case .resolveFailed(let seed, let reason):
            guard entries.indices.contains(seed), case .resolving = entries[seed].phase else { return [] }
            return failed(seed, "cannot resolve \(entries[seed].url.host): \(reason)", now: now)
        case .facts(let seed, let facts, let address):
            guard entries.indices.contains(seed), case .asking = entries[seed].phase else { return [] }
            return learnt(seed, facts, address, now: now)
        case .factsFailed(let seed, let reason):
            guard entries.indices.contains(seed), case .asking(let addresses) = entries[seed].phase else { return [] }
            return unanswered(seed, addresses, reason, now: now)
        case .members(let members):
            return entries.indices.flatMap { compare($0, with: members, now: now) }
        }
    }

    // MARK: One seed

    private mutating func startIfDue(_ seed: Int, now: Instant) -> [SeedAction] {
        guard isWaiting(entries[seed]), !isJoined(entries[seed]), entries[seed].due <= now else { return [] }
        if let address = entries[seed].url.address { return resolved(seed, [address], now: now) }
        entries[seed].phase = .resolving
        return [.resolve(seed: seed, host: entries[seed].url.host)]
    }

    private mutating func resolved(_ seed: Int, _ addresses: [IPAddress], now: Instant) -> [SeedAction] {
        let ordered = addresses.filter { !$0.isUnspecified }.enumerated()
            .sorted { (AddressText.rank($0.element), $0.offset) < (AddressText.rank($1.element), $1.offset) }
            .map(\.element)
        let usable = Array(ordered.prefix(Self.addressLimit))
        guard let first = usable.first else { return failed(seed, "\(entries[seed].url.host) has no address", now: now) }
        entries[seed].dialled = []
        entries[seed].phase = .asking(usable)
        return [.ask(seed: seed, Endpoint(first, port: entries[seed].url.port ?? Self.meshPort))]
    }

    private mutating func learnt(_ seed: Int, _ facts: MeshFacts, _ address: IPAddress, now: Instant) -> [SeedAction] {
        guard facts.protocolVersion == Self.protocolVersion else {
            return refused(seed, "it speaks version \(facts.protocolVersion) of the mesh protocol", now: now)
        }
        guard facts.fleetTag == fleetTag else { return refused(seed, "it belongs to another fleet", now: now) }
        guard let peer = PeerID(hex: facts.peerID) else { return failed(seed, "\(LinkFailure.malformed)", now: now) }
        guard peer != selfID else { return refused(seed, "it is this peer itself", now: now) }
        let endpoint = Endpoint(address, port: facts.meshPort)
        entries[seed].peer = peer
        entries[seed].dialled = [endpoint]
        let why = "UDP \(AddressText.format(endpoint)) has not answered yet"
        return [.candidate(endpoint, expected: peer.short)] + failed(seed, why, now: now)
    }

    /// Nobody told the facts: dial the usual mesh port, and the port as it was written unless it is the usual client port.
    private mutating func unanswered(_ seed: Int, _ addresses: [IPAddress], _ reason: String, now: Instant) -> [SeedAction] {
        let written = entries[seed].url.port
        var ports: [UInt16] = [Self.meshPort]
        if let written, written != Self.clientPort, written != Self.meshPort { ports.append(written) }
        guard let address = addresses.first else { return failed(seed, reason, now: now) }
        let endpoints = ports.map { Endpoint(address, port: $0) }
        entries[seed].dialled += endpoints
        let dials = endpoints.map { SeedAction.candidate($0, expected: nil) }
        let others = Array(addresses.dropFirst())
        if let next = others.first {
            entries[seed].phase = .asking(others)
            return dials + [.ask(seed: seed, Endpoint(next, port: written ?? Self.meshPort))]
        }
        return dials + failed(seed, reason, now: now)
    }

    private mutating func failed(_ seed: Int, _ reason: String, now: Instant) -> [SeedAction] {
        scheduleNext(seed, now: now)
        let changed: Bool
        if case .dialling = entries[seed].state {
            changed = entries[seed].lastError != reason
        } else {
            changed = !isJoined(entries[seed])
        }
        entries[seed].lastError = reason
        if !isJoined(entries[seed]) { entries[seed].state = .dialling(lastError: reason, nextTry: entries[seed].due) }
        return changed ? [.changed(seed: seed)] : []
    }

    private mutating func refused(_ seed: Int, _ reason: String, now: Instant) -> [SeedAction] {
        scheduleNext(seed, now: now)
        entries[seed].peer = nil
        entries[seed].lastError = reason
        let state = SeedState.refused(reason: reason)
        guard entries[seed].state != state, !isJoined(entries[seed]) else { return [] }
        entries[seed].state = state
        return [.changed(seed: seed)]
    }

    private mutating func scheduleNext(_ seed: Int, now: Instant) {
        let base = Duration.seconds(min(30, 2 << min(entries[seed].failures, 4)))
        entries[seed].failures = min(entries[seed].failures + 1, 16)
        entries[seed].phase = .waiting
        let jittered =
            .nanoseconds(base.wholeNanoseconds * 4 / 5) + random.duration(below: .nanoseconds(base.wholeNanoseconds * 2 / 5))
        entries[seed].due = now + min(jittered, .seconds(30))
    }

    private mutating func compare(_ seed: Int, with members: [SeedMember], now: Instant) -> [SeedAction] {
        let entry = entries[seed]
        let match = members.first { $0.id == entry.peer } ?? members.first { entry.dialled.contains($0.endpoint) }
        if let match {
            let changed: Bool
            if case .joined(let id, _) = entry.state { changed = id != match.id } else { changed = true }
            entries[seed].peer = match.id
            entries[seed].failures = 0
            entries[seed].lastError = nil
            entries[seed].state = .joined(match.id, name: match.name)
            return changed ? [.changed(seed: seed)] : []
        }
        guard isJoined(entry) else { return [] }
        entries[seed].due = now
        entries[seed].lastError = "the peer behind it is out of sight"
        entries[seed].state = .dialling(lastError: entries[seed].lastError, nextTry: now)
        return [.changed(seed: seed)]
    }

    private func isJoined(_ entry: Entry) -> Bool {
        if case .joined = entry.state { true } else { false }
    }

    private func isWaiting(_ entry: Entry) -> Bool {
        if case .waiting = entry.phase { true } else { false }
    }
}
