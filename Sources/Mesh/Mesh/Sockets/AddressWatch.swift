import Gossip

/// Notices that this machine's own address is another one: a new lease by DHCP, another network.
struct AddressWatch {
    /// Between two looks.
    static let interval: Duration = .seconds(2)

    /// What is looked at; tests put their own in its place.
    private let list: () -> [OwnAddress.Candidate]
    private let bound: [IPAddress]
    private(set) var current: IPAddress
    private var dueAt: Instant

    init(
        bound: [IPAddress], current: IPAddress, now: Instant,
        list: @escaping () -> [OwnAddress.Candidate] = OwnAddress.candidates
    ) {
        self.bound = bound
        self.current = current
        self.list = list
        dueAt = now + Self.interval
    }

    /// The new address, when there is one.
    mutating func check(now: Instant) -> IPAddress? {
        guard dueAt <= now else { return nil }
        dueAt = now + Self.interval
        let best = OwnAddress.choose(among: list(), bound: bound, current: current)
        guard best != current else { return nil }
        current = best
        return best
    }
}
