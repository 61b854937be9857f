import Gossip

/// Datagrams on their way to peers that UDP does not reach. One call at a time per address; what comes up meanwhile goes together
/// with the next one.
struct TunnelQueue {
    /// Datagrams that wait per address: the oldest go first, as in a full socket buffer.
    static let waitingLimit = DatagramFrames.limit
    /// Addresses with something under way.
    static let addressLimit = 256

    private struct Line {
        var endpoint: Endpoint
        var waiting: [[UInt8]] = []
        var isUnderWay = false
    }

    private var lines: [Line] = []

    enum Verdict: Equatable { case taken, displaced, full }

    /// Takes a sealed datagram.
    mutating func add(_ bytes: [UInt8], for endpoint: Endpoint) -> Verdict {
        guard let place = lines.firstIndex(where: { $0.endpoint == endpoint }) else {
            guard lines.count < Self.addressLimit else { return .full }
            lines.append(Line(endpoint: endpoint, waiting: [bytes]))
            return .taken
        }
        lines[place].waiting.append(bytes)
        guard lines[place].waiting.count > Self.waitingLimit else { return .taken }
        lines[place].waiting.removeFirst()
        return .displaced
    }

    /// What can be sent now, an address each; those are under way from here on.
    mutating func takeReady() -> [(endpoint: Endpoint, datagrams: [[UInt8]])] {
        var ready: [(endpoint: Endpoint, datagrams: [[UInt8]])] = []
        for place in lines.indices where !lines[place].isUnderWay && !lines[place].waiting.isEmpty {
            ready.append((lines[place].endpoint, lines[place].waiting))
            lines[place].waiting = []
            lines[place].isUnderWay = true
        }
        return ready
    }

    /// The call to `endpoint` has ended. After a failure what waits is as stale as what was lost.
    mutating func ended(_ endpoint: Endpoint, failed: Bool) {
        guard let place = lines.firstIndex(where: { $0.endpoint == endpoint }) else { return }
        lines[place].isUnderWay = false
        if failed || lines[place].waiting.isEmpty { lines.remove(at: place) }
    }
}
