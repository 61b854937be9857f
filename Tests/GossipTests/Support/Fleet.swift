import Gossip

/// Several `Herd`s on one virtual network: every datagram takes 1 ms and goes through the codec, every exchange by TCP takes 4 ms.
///
/// Nobody stands for router, so that nothing here depends on elections.
struct Fleet {
    /// One peer and what it did.
    struct Node {
        var herd: Herd
        var endpoint: Endpoint
        var isUp = true
        var notes: [(at: Instant, note: HerdNote)] = []
        var datagrams = 0
        var bytes = 0
        var syncs: [Instant] = []
        var views = 0
        var remembers = 0
        var settingsOnDisk: [SettingEntry] = []
        var reidentified = 0
        var tunnelled = 0
        /// Other addresses that lead to it.
        var aliases: [Endpoint] = []
        /// Its clock is behind that of all others by this.
        var clockLag = Duration.zero
        /// The numbers of its last ping to each address.
        var pings: [Endpoint: UInt32] = [:]
        /// What was sent since `measures` was set, IP and UDP headers included, the election's messages apart.
        var sent: [(at: Instant, bytes: Int)] = []
    }

    private enum Happening {
        case deliver(Datagram, from: Endpoint, to: Endpoint)
        case ask(SyncMessage, from: Endpoint, to: Endpoint)
        case answer(SyncMessage, from: Endpoint, to: Endpoint)
        case syncFailed(Endpoint, at: Endpoint)
        case tunnel(Datagram, from: Endpoint, to: Endpoint)
        case tunnelFailed(Endpoint, at: Endpoint)
    }

    var now = Instant(nanoseconds: 1_000_000_000)
    var nodes: [Node] = []
    var loss = 0.0
    /// (from, to) whose datagrams are dropped.
    var cut: Set<[Int]> = []
    /// Datagrams that were not the same behind the codec: always 0.
    var garbled = 0
    /// What was sent since `startTranscript`: time in milliseconds, from, to, what.
    private(set) var transcript: [String] = []
    private var transcriptStart: Instant?
    /// Messages of the election get through; then peers may stand, too.
    var carriesLease = false
    /// TCP works.
    var hasTCP = true
    /// (from, to) whose datagrams by UDP are dropped; TCP works.
    var udpCut: Set<[Int]> = []
    /// How long a datagram takes.
    var delayMilliseconds: Int64 = 1
    /// Note in which versions peers speak to each other.
    var noteVersions = false
    /// (from, to) and the versions of its datagrams.
    var versions: [[Int]: Set<UInt8>] = [:]
    /// Note what is sent.
    var measures = false
    /// Datagrams that came to a peer in a version that it does not speak.
    var foreignVersions = 0
    var generator: SeededGenerator
    private var queue: [(at: Instant, order: Int, what: Happening)] = []
    private var order = 0

    init(_ count: Int, seed: UInt64 = 1, configuration: HerdConfiguration = HerdConfiguration()) {
        generator = SeededGenerator(seed: seed)
        for index in 0..<count { addNode(id: Self.id(index), endpoint: Self.endpoint(index), configuration: configuration) }
    }

    static func id(_ index: Int) -> PeerID { PeerID(short: UInt64(index + 1) << 32, low: UInt64(index)) }
    static func endpoint(_ index: Int) -> Endpoint { Endpoint(.v4(0x0A00_0001 + UInt32(index)), port: 11_445) }

    static func record(
        _ id: PeerID, generation: UInt32 = 1, port: UInt16 = 11_445, versions: ClosedRange<UInt8> = 1...1
    ) -> MemberRecord {
        MemberRecord(
            id: id, generation: generation, incarnation: 0, status: .alive, endpoint: Endpoint(.v4(0), port: port),
            protocolRange: versions, candidacy: Candidacy(priority: 0, seasoned: true))
    }

    mutating func addNode(
        id: PeerID, endpoint: Endpoint, generation: UInt32 = 1, configuration: HerdConfiguration = HerdConfiguration(),
        remembered: [RememberedPeer] = [], versions: ClosedRange<UInt8> = 1...1
    ) {
        nodes.append(
            Node(
                herd: Herd(
                    configuration: configuration,
                    selfRecord: Self.record(id, generation: generation, versions: versions), durable: DurableLease(),
                    seed: generator.next(), now: now, remembered: remembered), endpoint: endpoint))
    }

    /// A new process in the place of a node.
    mutating func restart(
        _ index: Int, generation: UInt32, remembered: [RememberedPeer] = [], versions: ClosedRange<UInt8> = 1...1
    ) {
        nodes[index].herd = Herd(
            configuration: HerdConfiguration(),
            selfRecord: Self.record(Self.id(index), generation: generation, versions: versions),
            durable: DurableLease(), seed: generator.next(), now: now, remembered: remembered)
        nodes[index].isUp = true
    }

    /// Everybody dials node 0, and all know all after a few seconds.
    mutating func join() {
        for index in nodes.indices.dropFirst() { give(index, .candidate(nodes[0].endpoint, source: .seed, expected: nil)) }
        run(for: .seconds(5))
    }

    mutating func give(_ index: Int, _ event: HerdEvent) {
        perform(nodes[index].herd.handle(event, now: now - nodes[index].clockLag), by: index)
    }

    mutating func run(for duration: Duration, until condition: (Fleet) -> Bool = { _ in false }) {
        let end = now + duration
        if condition(self) { return }
        while true {
            var next = queue.first?.at ?? .distantFuture
            var waking: Int?
            for index in nodes.indices where nodes[index].isUp && nodes[index].herd.nextWake + nodes[index].clockLag < next {
                next = nodes[index].herd.nextWake + nodes[index].clockLag
                waking = index
            }
            guard next <= end else { break }
            now = max(now, next)
            if let waking { give(waking, .wake) } else { happen(queue.removeFirst().what) }
            if condition(self) { return }
        }
        now = end
    }

    mutating func startTranscript() {
        transcript = []
        transcriptStart = now
    }

    func status(of subject: Int, at observer: Int) -> MemberStatus? {
        nodes[observer].herd.memberEntry(nodes[subject].herd.selfRecord.id)?.status
    }

    func entry(of subject: Int, at observer: Int) -> MemberEntry? {
        nodes[observer].herd.memberEntry(nodes[subject].herd.selfRecord.id)
    }

    /// Everybody who is up sees `status` of `subject`.
    func allSee(_ status: MemberStatus, of subject: Int) -> Bool {
        nodes.indices.allSatisfy { $0 == subject || !nodes[$0].isUp || self.status(of: subject, at: $0) == status }
    }

    /// Changes of status that `observer` noted.
    func changes(at observer: Int) -> [String] {
        nodes[observer].notes.compactMap { entry in
            guard case .status(let id, let from, let to) = entry.note else { return nil }
            return "\(id.low) \(from?.rawValue ?? "-")>\(to.rawValue)"
        }
    }

    /// All notes that suit.
    func count(at observer: Int, where suits: (HerdNote) -> Bool) -> Int {
        nodes[observer].notes.count { suits($0.note) }
    }

    private mutating func perform(_ actions: [HerdAction], by index: Int) {
        for action in actions {
            switch action {
            case .send(let datagram, let endpoint): send(datagram, from: index, to: endpoint)
            case .sync(let endpoint):
                nodes[index].syncs.append(now)
                let message = nodes[index].herd.syncMessage(to: endpoint, now: now)
                later(2, .ask(message, from: nodes[index].endpoint, to: endpoint))
            case .note(let note): nodes[index].notes.append((now, note))
            case .viewChanged: nodes[index].views += 1
            case .remember: nodes[index].remembers += 1
            case .settingsChanged(let entries): nodes[index].settingsOnDisk = entries
            case .tunnel(let datagram, let endpoint):
                nodes[index].tunnelled += 1
                measure(datagram, by: index)
                later(3, .tunnel(datagram, from: nodes[index].endpoint, to: endpoint))
            case .reidentify: nodes[index].reidentified += 1
            case .persist: break
            }
        }
    }

    private mutating func send(_ datagram: Datagram, from index: Int, to endpoint: Endpoint) {
        if case .lease = datagram.message, !carriesLease { return }
        let bytes = DatagramCodec.encode(datagram, keyID: 1, fleetTag: 2, sequence: 3)
        if let start = transcriptStart {
            let target = nodes.firstIndex { $0.endpoint == endpoint }.map(String.init) ?? "\(endpoint)"
            transcript.append("\((now - start).wholeMilliseconds) \(index)>\(target) \(datagram.line)")
        }
        nodes[index].datagrams += 1
        nodes[index].bytes += bytes.count + Envelope.tagByteCount
        measure(datagram, by: index)
        if case .ping(let sequence, _) = datagram.message { nodes[index].pings[endpoint] = sequence }
        if noteVersions, let target = place(endpoint) { versions[[index, target], default: []].insert(datagram.version) }
        if loss > 0, Double.random(in: 0..<1, using: &generator) < loss { return }
        if let target = place(endpoint), cut.contains([index, target]) || udpCut.contains([index, target]) { return }
        let spoken = place(endpoint).map { nodes[$0].herd.selfRecord.protocolRange } ?? Envelope.versions
        guard let envelope = try? Envelope(decoding: bytes, versions: spoken) else {
            foreignVersions += 1
            return
        }
        guard let back = try? DatagramCodec.decode(bytes, envelope: envelope), back == datagram else {
            garbled += 1
            return
        }
        later(delayMilliseconds, .deliver(back, from: nodes[index].endpoint, to: endpoint))
    }

    /// The number of a peer's last ping to an address.
    func lastPing(of index: Int, to endpoint: Endpoint) -> UInt32? { nodes[index].pings[endpoint] }

    private mutating func measure(_ datagram: Datagram, by index: Int) {
        guard measures else { return }
        switch datagram.message {
        case .lease, .ack: return  // The election has its own bounds; an answer is asked for.
        default: break
        }
        let bytes = DatagramCodec.encode(datagram, keyID: 1, fleetTag: 2, sequence: 3).count
        nodes[index].sent.append((now, bytes + Envelope.tagByteCount + 28))
    }

    /// The most bytes that a peer sent within any second since `measures` was set.
    func mostBytesPerSecond(of index: Int) -> Int {
        let sent = nodes[index].sent
        var most = 0
        var sum = 0
        var first = 0
        for last in sent.indices {
            sum += sent[last].bytes
            while sent[last].at - sent[first].at >= .seconds(1) {
                sum -= sent[first].bytes
                first += 1
            }
            most = max(most, sum)
        }
        return most
    }

    private func place(_ endpoint: Endpoint) -> Int? { nodes.firstIndex { $0.endpoint == endpoint && $0.isUp } }

    private mutating func later(_ milliseconds: Int64, _ what: Happening) {
        let at = now + .milliseconds(milliseconds)
        order += 1
        let place = queue.lastIndex { $0.at <= at }.map { $0 + 1 } ?? 0
        queue.insert((at, order, what), at: place)
    }

    private mutating func happen(_ what: Happening) {
        switch what {
        case .deliver(let datagram, let from, let to):
            for index in nodes.indices
            where nodes[index].isUp && (nodes[index].endpoint == to || nodes[index].aliases.contains(to)) {
                give(index, .datagram(datagram, from: from))
            }
        case .ask(let message, let from, let to):
            guard hasTCP, let server = place(to), let client = place(from), !cut.contains([client, server]) else {
                return later(2, .syncFailed(to, at: from))
            }
            give(server, .synced(message, from: from))
            later(2, .answer(nodes[server].herd.syncMessage(for: message, now: now), from: to, to: from))
        case .answer(let message, let from, let to):
            if let client = place(to) { give(client, .synced(message, from: from)) }
        case .tunnel(let datagram, let from, let to):
            guard hasTCP, let server = place(to), let client = place(from), !cut.contains([client, server]) else {
                return later(2, .tunnelFailed(to, at: from))
            }
            give(server, .tunnelled(datagram, from: from))
        case .tunnelFailed(let endpoint, let at):
            if let client = place(at) { give(client, .tunnelFailed(endpoint)) }
        case .syncFailed(let endpoint, let at):
            if let client = place(at) { give(client, .syncFailed(endpoint)) }
        }
    }
}

extension Fleet: CustomStringConvertible {
    /// Short, for failed expectations.
    var description: String { "\(nodes.count) peers at \(now.nanoseconds / 1_000_000) ms" }
}
