import Gossip

/// What the peers send, in bytes on the wire with UDP and IP headers.
struct TrafficMeter: Sendable {
    /// Pings, acks and the helpers' messages.
    var probeBytes = 0
    /// Rumours on their own.
    var gossipBytes = 0
    /// Messages of the election.
    var leaseBytes = 0
    /// Datagrams of all kinds.
    var datagrams = 0
    /// Exchanges of state by TCP that were begun.
    var exchanges = 0
    /// Their records, as if encoded as in datagrams, both halves.
    var exchangeBytes = 0
    /// The largest sum of one peer within any second, without the election's messages.
    var most: Int { windows.lazy.map(\.most).max() ?? 0 }
    /// The largest sum of one peer's messages of the election within any second: the router's.
    var mostLease: Int { leaseWindows.lazy.map(\.most).max() ?? 0 }

    /// The largest sums are wanted: they cost more than the rest.
    var hasWindows = false

    private var windows: [SlidingWindow]
    private var leaseWindows: [SlidingWindow]

    /// A meter for `count` peers.
    init(_ count: Int) {
        windows = Array(repeating: SlidingWindow(), count: count)
        leaseWindows = windows
    }

    /// The bytes of `datagram` on the wire: envelope, body, tag, and the headers of UDP and IPv4.
    static func size(_ datagram: Datagram) -> Int {
        let frame = 28 + Datagram.maximumBytes - DatagramCodec.itemBudget(beside: datagram.message)
        return datagram.items.reduce(frame) { $0 + $1.encodedSize }
    }

    /// `place` sends a datagram.
    mutating func count(_ datagram: Datagram, of place: Int, at tick: Int64) {
        let size = Self.size(datagram)
        datagrams += 1
        switch datagram.message {
        case .lease:
            leaseBytes += size
            if hasWindows { leaseWindows[place].add(size, at: tick) }
            return
        case .gossip: gossipBytes += size
        default: probeBytes += size
        }
        if hasWindows { windows[place].add(size, at: tick) }
    }

    /// One half of an exchange.
    mutating func count(_ message: SyncMessage) {
        exchangeBytes += message.members.count * 36 + message.have.count * 25
        for record in message.hot { exchangeBytes += 37 + 18 + record.report.gpus.count * 5 + record.report.loaded.count * 16 }
        for record in message.records { exchangeBytes += 25 + record.payload.count }
    }
}
