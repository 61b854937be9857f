import Gossip

/// What is remembered between steps to judge false alarms, versions and traffic.
struct Watch {
    /// The true time at which something last happened to a peer or its links.
    var disturbedAt: [Int64]
    /// The holder's belief of a peer whose clock stood still is not judged until then.
    var doubtUntil: [Int64]
    /// Since when a reader suspects a peer; at `reader * N + target`.
    var suspectSince: [Int64?]
    /// The router that must prevail, of those that there were when the faults ended.
    var bestRouter: Int?

    private let count: Int
    /// At `reader * N + target`.
    private var traces: [MemberTrace?]
    private var meters: [ByteMeter]
    private var leaseMeters: [ByteMeter]

    init(peers: Int) {
        count = peers
        disturbedAt = Array(repeating: 0, count: peers)
        doubtUntil = disturbedAt
        suspectSince = Array(repeating: nil, count: peers * peers)
        traces = Array(repeating: nil, count: peers * peers)
        meters = Array(repeating: ByteMeter(), count: peers)
        leaseMeters = meters
    }

    /// Takes down the versions of a member at a reader; the former ones, if they are of the same peer.
    mutating func versions(of trace: MemberTrace, at reader: Int) -> MemberTrace? {
        let target = SimulatedPeer.place(trace.id).place
        let old = traces[reader * count + target]
        // The older of a host's two peers says nothing new.
        if let old, old.id != trace.id, SimulatedPeer.place(old.id).life > SimulatedPeer.place(trace.id).life { return nil }
        traces[reader * count + target] = trace
        return old?.id == trace.id ? old : nil
    }

    /// A process starts: it knows nothing yet.
    mutating func started(_ place: Int) {
        for target in 0..<count {
            traces[place * count + target] = nil
            suspectSince[place * count + target] = nil
        }
        meters[place] = ByteMeter()
        leaseMeters[place] = ByteMeter()
    }

    /// Another peer lives on this host.
    mutating func replaced(_ place: Int) {
        for reader in 0..<count { suspectSince[reader * count + place] = nil }
    }

    /// Counts bytes; the sum of the last second.
    mutating func add(bytes: Int, of place: Int, at time: Int64) -> Int { meters[place].add(bytes, at: time) }

    /// The same for election messages.
    mutating func add(leaseBytes: Int, of place: Int, at time: Int64) -> Int { leaseMeters[place].add(leaseBytes, at: time) }

    /// A process that was stopped answers all that waited at once: that burst is not counted.
    mutating func forgive(_ place: Int, _ now: Int64) {
        meters[place].forgive(until: now + 1_000_000_000)
        leaseMeters[place].forgive(until: now + 1_000_000_000)
    }
}
