import Gossip

/// A few `LeaseRules` under one virtual clock: messages take a fixed delay unless a link is cut. Small on purpose; the
/// simulator of `Tests/Simulation` has the faults.
struct LeaseWorld {
    struct Delivery {
        var at: Instant
        var order: Int
        var target: Int
        var event: LeaseEvent
    }

    var now = Instant(nanoseconds: 1_000_000_000)
    var delay = Duration.milliseconds(1)
    var rules: [LeaseRules?] = []
    var durable: [DurableLease] = []
    var candidacies: [Candidacy]
    var queue: [Delivery] = []
    var order = 0
    /// Links that carry nothing: (from, to).
    var cuts: Set<[Int]> = []
    /// Extra delay of a link.
    var slow: [[Int]: Duration] = [:]
    var notes: [(peer: Int, at: Instant, note: LeaseNote)] = []
    var sent: [(from: Int, to: Int, at: Instant, message: LeaseMessage)] = []
    var persisted: [Int] = []
    let seed: UInt64
    let configuration: LeaseConfiguration
    /// How many messages of a thousand are lost.
    var lossPerMille = 0
    /// Peers whose machines are asleep: they do nothing and get nothing.
    var asleep: Set<Int> = []
    private var generator: SeededGenerator

    init(
        _ count: Int, seed: UInt64 = 1, candidacies: [Candidacy]? = nil, knowsRoster: Bool = true,
        configuration: LeaseConfiguration = LeaseConfiguration()
    ) {
        self.seed = seed
        self.configuration = configuration
        generator = SeededGenerator(seed: seed ^ 0x5EED)
        self.candidacies = candidacies ?? Array(repeating: Candidacy(), count: count)
        let everybody = Roster(
            lineage: RosterLineage(founder: Self.id(0)), version: RosterVersion(counter: 1),
            peers: (0..<count).map(Self.id))
        for place in 0..<count {
            rules.append(nil)
            durable.append(DurableLease(roster: knowsRoster && count > 1 ? everybody : nil))
            persisted.append(0)
            start(place)
        }
    }

    static func id(_ place: Int) -> PeerID { PeerID(short: UInt64(place + 1), low: 0) }

    static func place(_ id: PeerID) -> Int { Int(id.short) - 1 }

    /// Starts or restarts a peer from what it persisted.
    mutating func start(_ place: Int) {
        rules[place] = LeaseRules(
            selfID: Self.id(place), candidacy: candidacies[place], durable: durable[place], configuration: configuration,
            seed: seed &* 1_000 &+ UInt64(place), now: now)
    }

    /// Ends a peer without a word.
    mutating func crash(_ place: Int) {
        rules[place] = nil
    }

    /// Hands an event to a peer now and performs its actions.
    mutating func give(_ event: LeaseEvent, to place: Int) {
        guard let actions = rules[place]?.handle(event, now: now) else { return }
        for action in actions {
            switch action {
            case .persist(let state):
                durable[place] = state
                persisted[place] += 1
            case .send(let message, let target):
                sent.append((place, Self.place(target), now, message))
                post(.message(message, from: Self.id(place)), from: place, to: Self.place(target))
            case .announce(let record):
                for other in rules.indices where other != place {
                    post(.announced(record), from: place, to: other)
                }
            case .changed: break
            case .note(let note): notes.append((place, now, note))
            }
        }
    }

    private mutating func post(_ event: LeaseEvent, from: Int, to: Int) {
        guard rules.indices.contains(to), !cuts.contains([from, to]) else { return }
        if lossPerMille > 0, Int.random(in: 0..<1_000, using: &generator) < lossPerMille { return }
        order += 1
        queue.append(Delivery(at: now + delay + (slow[[from, to]] ?? .zero), order: order, target: to, event: event))
    }

    /// Gives every listed peer a view of the listed ones.
    mutating func see(_ places: [Int], suspects: Set<Int> = [], left: [Int] = [], aged: [Int] = [], at observers: [Int]? = nil) {
        for observer in observers ?? places {
            let peers = places.filter { $0 != observer }.sorted().map {
                LeasePeer(id: Self.id($0), suspect: suspects.contains($0), candidacy: candidacies[$0])
            }
            give(.view(peers: peers, left: left.sorted().map(Self.id), aged: aged.sorted().map(Self.id)), to: observer)
        }
    }

    /// Runs for a time, or until the condition holds; tells whether it did.
    @discardableResult
    mutating func run(_ duration: Duration, until condition: (LeaseWorld) -> Bool = { _ in false }) -> Bool {
        let end = now + duration
        while !condition(self) {
            var at = end
            var wake: Int?
            for (place, rule) in rules.enumerated() where !asleep.contains(place) {
                if let next = rule?.nextWake, next < at {
                    at = max(next, now)
                    wake = place
                }
            }
            let first = queue.indices.min { (queue[$0].at, queue[$0].order) < (queue[$1].at, queue[$1].order) }
            if let first, queue[first].at <= at {
                let delivery = queue.remove(at: first)
                now = max(now, delivery.at)
                if !asleep.contains(delivery.target) { give(delivery.event, to: delivery.target) }
            } else if let wake {
                now = at
                give(.wake, to: wake)
            } else {
                now = end
                return condition(self)
            }
        }
        return true
    }

    /// The peers that are router now.
    var routers: [Int] { rules.indices.filter { rules[$0]?.isRouter(now: now) ?? false } }

    /// Whom a peer obeys.
    func obeyed(_ place: Int) -> Int? { rules[place]?.obeyed(now: now).map { Self.place($0.router) } }

    /// Exactly one router, and everybody who runs obeys it.
    var settled: Bool {
        routers.count == 1 && rules.indices.allSatisfy { rules[$0] == nil || obeyed($0) == routers[0] }
    }
}
