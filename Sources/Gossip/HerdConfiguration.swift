/// The mesh's times and bounds (mesh protocol §3.2).
public struct HerdConfiguration: Hashable, Sendable {
    /// T: one probe per this, times 1 + the local health multiplier.
    public var probeInterval: Duration = .milliseconds(500)
    /// A direct probe without an answer by then has failed; it is sent once more at half of it.
    public var pingTimeout: Duration = .milliseconds(200)
    /// Helpers asked when a direct probe fails.
    public var indirectHelpers = 3
    /// Peers told per gossip round.
    public var gossipFanout = 3
    /// Gossip rounds, while there is something to tell.
    public var gossipInterval: Duration = .milliseconds(200)
    /// Each rumour is sent this times ⌈log10(N + 1)⌉ (addition d).
    public var retransmitFactor = 6
    /// Push/pull with a random peer.
    public var syncInterval: Duration = .seconds(30)
    /// Probes before a suspect is declared unreachable (addition c).
    public var lastChanceProbes = 4
    /// Their spacing.
    public var lastChanceSpacing: Duration = .milliseconds(100)
    /// How long an unreachable peer is remembered and re-dialled.
    public var rememberFor: Duration = .seconds(7 * 24 * 3_600)
    /// The first wait before an unreachable peer is dialled again; it doubles.
    public var redialFirst: Duration = .seconds(2)
    /// The longest wait between two dials of a peer that was seen within the last hour.
    public var redialFresh: Duration = .seconds(8)
    /// The longest wait between two dials of a peer that was seen within the last day.
    public var redialRecent: Duration = .seconds(60)
    /// The longest wait between two dials.
    public var redialLongest: Duration = .seconds(300)
    /// The mean time between two dials of any unreachable peers, when many are.
    public var redialSpacing: Duration = .seconds(2)
    /// The lease's times.
    public var lease = LeaseConfiguration()

    /// The standard values.
    public init() {}
}
