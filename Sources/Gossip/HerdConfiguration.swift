/// The mesh's times and bounds (mesh protocol §3.2).
public struct HerdConfiguration: Hashable, Sendable {
    /// T: one probe per this, times 1 + the local health multiplier.
    public var probeInterval: Duration = .milliseconds(500)
    /// A direct probe without an answer by then has failed; it is sent once more at half of it.
    public var pingTimeout: Duration = .milliseconds(200)
    /// A ping without an answer is sent once more at half of its time-out.
    public var resendsPing = true
    /// Failed probes in a row before a member is suspected (addition b).
    public var strikes = 2
    /// Fleets up to this size try TCP at a probe's first failure, larger ones at the second.
    public var earlyTCPPeers = 32
    /// A member whose answers take long gets four times their 99th percentile instead, at most this.
    public var longestPingTimeout: Duration = .milliseconds(400)
    /// Helpers asked when a direct probe fails.
    public var indirectHelpers = 3
    /// A suspicion lasts at least this times max(1, log10 N) probe intervals; two less others must confirm it for that.
    public var suspicionMultiplier = 3
    /// The least suspicion up to three peers, in percent of that: there are few or no helpers.
    public var suspicionPercentForFew = 150
    /// A member heard directly within this is not taken for dead on hearsay: one more probe decides.
    public var freshContact: Duration = .seconds(1)
    /// The sender's incarnation and hot version in each datagram count as news of it (addition a).
    public var heedsHeaders = true
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
    /// A peer that datagrams do not reach is probed inside peer links, at most once per this.
    public var tunnelProbeInterval: Duration = .seconds(1)
    /// How often such a peer is tried by UDP again.
    public var udpTrialInterval: Duration = .seconds(30)
    /// How long a peer that announced its sleep stays silent if its machine goes on.
    public var sleepPatience: Duration = .seconds(10)
    /// How long an unreachable peer is remembered and re-dialled.
    public var rememberFor: Duration = .seconds(7 * 24 * 3_600)
    /// Unreachable peers are dialled again.
    public var redialsUnreachable = true
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
