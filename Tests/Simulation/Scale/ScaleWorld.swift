public import Gossip

/// Up to thousands of peers under one virtual clock: the real rules, a plain network, and nothing that is checked at each step.
public struct ScaleWorld {
    /// One peer and its timer. An object, so that its rules are never copied.
    final class Peer {
        var herd: Herd
        var isUp = true
        /// The tick of the one valid wake on the wheel.
        var planned = Int64.max
        /// It holds the hot record that is being followed.
        var isTold = false

        init(_ herd: Herd) { self.herd = herd }

        /// The same peer in another world.
        func copy() -> Peer {
            let copy = Peer(herd)
            copy.isUp = isUp
            copy.planned = planned
            return copy
        }
    }

    /// What is on its way.
    enum Occurrence: Sendable {
        case wake(Int32)
        case datagram(Datagram, to: Int32, from: Int32)
        case request(SyncMessage, to: Int32, from: Int32)
        case answer(SyncMessage, to: Int32, from: Int32)
        case failed(Int32, at: Int32)
        case tunnelled(Datagram, to: Int32, from: Int32)
        case tunnelFailed(Int32, at: Int32)
    }

    var conditions: Conditions
    var peers: [Peer] = []
    var wheel = Wheel<Occurrence>()
    var generator: SeededGenerator
    var outages: Outages
    var watch: Watch
    var meter: TrafficMeter
    /// The spread of one change, while one is followed.
    var spread: Spread?
    /// The fleet gets to know itself; nothing is measured yet.
    var isSettling = false
    /// Reports made so far: each is different.
    var reports: UInt16 = 0
    private var batch: [Occurrence] = []

    /// One way between any two peers.
    private static let delay = Wheel<Int>.ticks(0.001)

    /// `count` peers that all know each other from the start, but have not spoken yet. With `lease` they elect a router.
    public init(
        variant: Variant, peers count: Int, conditions: Conditions, seed: UInt64, lease: Bool = true,
        configuration: HerdConfiguration? = nil
    ) {
        self.conditions = conditions
        generator = SeededGenerator(seed: seed)
        outages = Outages(count, from: 0, using: &generator)
        watch = Watch(count)
        meter = TrafficMeter(count)
        let records = (0..<count).map { place in
            // Hundreds that start at the same moment and all stand for router would measure an election, not a fleet.
            MemberRecord(
                id: Self.id(place, of: count), generation: 1, incarnation: 0, status: .alive, endpoint: Self.endpoint(place),
                candidacy: Candidacy(priority: lease && (count <= 50 || place < 5) ? 50 : 0, seasoned: true))
        }
        for place in 0..<count {
            let herd = Herd(
                configuration: configuration ?? variant.configuration, selfRecord: records[place], durable: DurableLease(),
                seed: generator.next(), now: instant)
            peers.append(Peer(herd))
        }
        for place in 0..<count {
            let other = place == 0 ? count - 1 : place - 1
            let all = SyncMessage(sender: records[other], members: records, have: [], records: [], hot: [], lease: nil)
            let at = Int64.random(in: 1...100, using: &generator)
            wheel.post(.answer(all, to: Int32(place), from: Int32(other)), at: at)
        }
    }

    /// The same fleet again, from here on with other chances on another network.
    func copy(_ conditions: Conditions, seed: UInt64) -> ScaleWorld {
        var copy = self
        copy.conditions = conditions
        copy.generator = SeededGenerator(seed: seed)
        copy.outages = Outages(peers.count, from: wheel.tick, using: &copy.generator)
        copy.peers = peers.map { $0.copy() }
        return copy
    }

    /// Ids are in the order of places, so that the first exchange fills the tables from front to back.
    private static func id(_ place: Int, of count: Int) -> PeerID {
        PeerID(short: UInt64(place + 1) * (.max / UInt64(count + 1)), low: UInt64(place))
    }

    private static func endpoint(_ place: Int) -> Endpoint { Endpoint(.v4(0x0A00_0001 + UInt32(place)), port: 11_445) }

    private func place(_ endpoint: Endpoint) -> Int? {
        guard case .v4(let bits) = endpoint.address, bits >= 0x0A00_0001 else { return nil }
        let place = Int(bits - 0x0A00_0001)
        return place < peers.count ? place : nil
    }

    /// The present on every peer's clock.
    public var instant: Instant { Instant(nanoseconds: wheel.tick * Wheel<Int>.nanosecondsPerTick + 1_000_000_000_000) }

    /// How many peers are up.
    public var living: Int { peers.count(where: \.isUp) }

    /// Lets `seconds` pass, or less when `isOver` holds after a tick.
    public mutating func run(_ seconds: Double, until isOver: (borrowing ScaleWorld) -> Bool = { _ in false }) {
        let end = wheel.tick + Wheel<Int>.ticks(seconds)
        var batch: [Occurrence] = []
        swap(&batch, &self.batch)
        while wheel.advance(until: end, into: &batch) {
            for occurrence in batch { perform(occurrence) }
            batch.removeAll(keepingCapacity: true)
            if isOver(self) { break }
        }
        swap(&batch, &self.batch)
    }

    private mutating func perform(_ occurrence: Occurrence) {
        switch occurrence {
        case .wake(let place): wake(Int(place))
        case .datagram(let datagram, let target, let source):
            deliver(.datagram(datagram, from: Self.endpoint(Int(source))), to: Int(target))
        case .request(let message, let target, let source): answer(message, at: Int(target), from: Int(source))
        case .answer(let message, let target, let source):
            deliver(.synced(message, from: Self.endpoint(Int(source))), to: Int(target))
        case .tunnelled(let datagram, let target, let source):
            deliver(.tunnelled(datagram, from: Self.endpoint(Int(source))), to: Int(target))
        case .tunnelFailed(let target, let place):
            deliver(.tunnelFailed(Self.endpoint(Int(target))), to: Int(place))
        case .failed(let target, let place): deliver(.syncFailed(Self.endpoint(Int(target))), to: Int(place))
        }
    }

    private mutating func wake(_ place: Int) {
        let peer = peers[place]
        guard peer.planned == wheel.tick else { return }
        peer.planned = .max
        if peer.herd.nextWake <= instant { deliver(.wake, to: place) } else { plan(place) }
    }

    /// Hands an event to a peer and performs what it wants.
    mutating func deliver(_ event: HerdEvent, to place: Int) {
        let peer = peers[place]
        guard peer.isUp else { return }
        for action in peer.herd.handle(event, now: instant) { perform(action, of: place) }
        plan(place)
        if spread != nil { follow(place) }
    }

    private mutating func plan(_ place: Int) {
        let peer = peers[place]
        let wanted = peer.herd.nextWake
        guard wanted != .distantFuture else { return }
        let step = Wheel<Int>.nanosecondsPerTick
        let tick = max((wanted.nanoseconds - 1_000_000_000_000 + step - 1) / step, wheel.tick + 1)
        guard tick < peer.planned else { return }
        peer.planned = tick
        wheel.post(.wake(Int32(place)), at: tick)
    }

    private mutating func perform(_ action: HerdAction, of place: Int) {
        switch action {
        case .send(let datagram, let endpoint):
            meter.count(datagram, of: place, at: wheel.tick)
            // What everybody knows already costs only time.
            if isSettling, peers.count >= 200, case .gossip = datagram.message { return }
            guard let target = self.place(endpoint), !isLost(from: place, to: target) else { return }
            wheel.post(.datagram(datagram, to: Int32(target), from: Int32(place)), at: wheel.tick + delay())
        case .sync(let endpoint):
            beginExchange(place, with: endpoint)
        case .tunnel(let datagram, let endpoint):
            guard let target = self.place(endpoint) else { return }
            meter.count(datagram, of: place, at: wheel.tick)
            if peers[target].isUp, !(0..<3).contains(where: { _ in isLost(from: place, to: target) }) {
                wheel.post(.tunnelled(datagram, to: Int32(target), from: Int32(place)), at: wheel.tick + 3 * Self.delay)
            } else {
                wheel.post(.tunnelFailed(Int32(target), at: Int32(place)), at: wheel.tick + Wheel<Int>.ticks(1))
            }
        case .note(.status(let id, let before, let after)):
            watch.note(Int(id.low), from: before, to: after, at: wheel.tick)
        default: break
        }
    }

    private mutating func delay() -> Int64 {
        guard conditions == .wifi, generator.next() % 100 < 5 else { return Self.delay }
        return Self.delay + Wheel<Int>.ticks(.random(in: 0.05...0.2, using: &generator))
    }

    private mutating func isLost(from: Int, to: Int) -> Bool {
        var perMille = conditions.lossPerMille
        if conditions == .wifi {
            let isOut = outages.isOut(from, at: wheel.tick, using: &generator)
            if outages.isOut(to, at: wheel.tick, using: &generator) || isOut { perMille = 902 }
        }
        return perMille > 0 && generator.next() % 1_000 < perMille
    }

    /// An exchange by TCP needs three packets to get through; it takes a few milliseconds.
    private mutating func beginExchange(_ place: Int, with endpoint: Endpoint) {
        guard let target = self.place(endpoint) else { return }
        let message = peers[place].herd.syncMessage(to: endpoint, now: instant)
        meter.exchanges += 1
        guard peers[target].isUp, !(0..<3).contains(where: { _ in isLost(from: place, to: target) }) else {
            wheel.post(.failed(Int32(target), at: Int32(place)), at: wheel.tick + Wheel<Int>.ticks(1))
            return
        }
        meter.count(message)
        wheel.post(.request(message, to: Int32(target), from: Int32(place)), at: wheel.tick + 3 * Self.delay)
    }

    private mutating func answer(_ message: SyncMessage, at place: Int, from source: Int) {
        guard peers[place].isUp else {
            wheel.post(.failed(Int32(place), at: Int32(source)), at: wheel.tick + Wheel<Int>.ticks(1))
            return
        }
        deliver(.synced(message, from: Self.endpoint(source)), to: place)
        let answer = peers[place].herd.syncMessage(for: message, now: instant)
        meter.count(answer)
        wheel.post(.answer(answer, to: Int32(source), from: Int32(place)), at: wheel.tick + Self.delay)
    }
}
