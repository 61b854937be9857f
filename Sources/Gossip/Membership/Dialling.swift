/// The addresses that are dialled.
struct Dialling: Sendable {
    /// In the order of their first naming.
    var dials: [Dial] = []
    /// Addresses that turned out to be this peer's own, and when.
    private var ownEndpoints: [(endpoint: Endpoint, at: Instant)] = []
    private var lastNumber: UInt32 = 0

    /// No more addresses than this; seeds go last.
    static let most = 256
    /// An mDNS sighting is dialled this often; the next sighting starts anew.
    static let mostTriesForSighting = 6
    /// The longest wait between two dials of a seed.
    static let longestForSeed = Duration.seconds(30)

    /// Where the address is in the list.
    func index(endpoint: Endpoint) -> Int? { dials.firstIndex { $0.endpoint == endpoint } }
    /// Where the dial with this last ping is in the list.
    func index(sequence: UInt32) -> Int? { dials.firstIndex { $0.tries > 0 && $0.sequence == sequence } }
    /// Where the dial with this number is in the list.
    func index(number: UInt32) -> Int? { dials.firstIndex { $0.number == number } }

    /// Adds an address; nil when the list is full of better ones.
    mutating func add(_ endpoint: Endpoint, source: AddressSource) -> Int? {
        if dials.count >= Self.most {
            guard let weakest = dials.firstIndex(where: { $0.source != .seed }) else { return nil }
            dials.remove(at: weakest)
        }
        lastNumber &+= 1
        dials.append(Dial(number: lastNumber, endpoint: endpoint, source: source))
        return dials.count - 1
    }

    /// The dial with this ping reached this peer itself.
    mutating func dropOwn(sequence: UInt32, _ now: Instant) {
        guard let place = index(sequence: sequence) else { return }
        noteOwn(dials.remove(at: place).endpoint, now)
    }

    /// The address turned out to be this peer's own.
    mutating func noteOwn(_ endpoint: Endpoint, _ now: Instant) {
        ownEndpoints.removeAll { $0.endpoint == endpoint }
        ownEndpoints.append((endpoint, now))
        if ownEndpoints.count > 16 { ownEndpoints.removeFirst() }
    }

    /// The address was this peer's own within the last ten minutes; later another machine may have it.
    func isOwn(_ endpoint: Endpoint, _ now: Instant) -> Bool {
        ownEndpoints.contains { $0.endpoint == endpoint && now - $0.at < .seconds(600) }
    }
}
