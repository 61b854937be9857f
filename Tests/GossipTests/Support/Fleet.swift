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
    }

    private enum Happening {
        case deliver(Datagram, from: Endpoint, to: Endpoint)
        case ask(SyncMessage, from: Endpoint, to: Endpoint)
        case answer(SyncMessage, from: Endpoint, to: Endpoint)
        case syncFailed(Endpoint, at: Endpoint)
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
    var generator: SeededGenerator
    private var queue: [(at: Instant, order: Int, what: Happening)] = []
    private var order = 0

    init(_ count: Int, seed: UInt64 = 1, configuration: HerdConfiguration = HerdConfiguration()) {
        generator = SeededGenerator(seed: seed)
        for index in 0..<count { addNode(id: Self.id(index), endpoint: Self.endpoint(index), configuration: configuration) }
    }

    static func id(_ index: Int) -> PeerID { PeerID(short: UInt64(index + 1) << 32, low: UInt64(index)) }
    static func endpoint(_ index: Int) -> Endpoint { Endpoint(.v4(0x0A00_0001 + UInt32(index)), port: 11_445) }

    static func record(_ id: PeerID, generation: UInt32 = 1, port: UInt16 = 11_445) -> MemberRecord {
        MemberRecord(
            id: id, generation: generation, incarnation: 0, status: .alive, endpoint: Endpoint(.v4(0), port: port),
            candidacy: Candidacy(priority: 0, seasoned: true))
    }

    mutating func addNode(
        id: PeerID, endpoint: Endpoint, generation: UInt32 = 1, configuration: HerdConfiguration = HerdConfiguration(),
        remembered: [RememberedPeer] = []
    ) {
        nodes.append(
            Node(
                herd: Herd(
                    configuration: configuration, selfRecord: Self.record(id, generation: generation), durable: DurableLease(),
                    seed: generator.next(), now: now, remembered: remembered), endpoint: endpoint))
    }

    /// A new process in the place of a node.
    mutating func restart(_ index: Int, generation: UInt32, remembered: [RememberedPeer] = []) {
        nodes[index].herd = Herd(
            configuration: HerdConfiguration(), selfRecord: Self.record(Self.id(index), generation: generation),
            durable: DurableLease(), seed: generator.next(), now: now, remembered: remembered)
        nodes[index].isUp = true
    }

    /// Everybody dials node 0, and all know all after a few seconds.
    mutating func join() {
        for index in nodes.indices.dropFirst() { give(index, .candidate(nodes[0].endpoint, source: .seed, expected: nil)) }
        run(for: .seconds(5))
    }

    mutating func give(_ index: Int, _ event: HerdEvent) {
        perform(nodes[index].herd.handle(event, now: now), by: index)
    }

    mutating func run(for duration: Duration, until condition: (Fleet) -> Bool = { _ in false }) {
        let end = now + duration
        if condition(self) { return }
        while true {
            var next = queue.first?.at ?? .distantFuture
            var waking: Int?
            for index in nodes.indices where nodes[index].isUp && nodes[index].herd.nextWake < next {
                next = nodes[index].herd.nextWake
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
            case .persist, .tunnel, .reidentify: break
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
        if loss > 0, Double.random(in: 0..<1, using: &generator) < loss { return }
        if let target = place(endpoint), cut.contains([index, target]) { return }
        guard let envelope = try? Envelope(decoding: bytes),
            let back = try? DatagramCodec.decode(bytes, envelope: envelope), back == datagram
        else {
            garbled += 1
            return
        }
        later(1, .deliver(back, from: nodes[index].endpoint, to: endpoint))
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
            for index in nodes.indices where nodes[index].isUp && nodes[index].endpoint == to {
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
        case .syncFailed(let endpoint, let at):
            if let client = place(at) { give(client, .syncFailed(endpoint)) }
        }
    }
}

extension Fleet: CustomStringConvertible {
    /// Short, for failed expectations.
    var description: String { "\(nodes.count) peers at \(now.nanoseconds / 1_000_000) ms" }
}
