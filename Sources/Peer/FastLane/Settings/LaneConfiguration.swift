public import Access
public import Gossip
public import Routing

/// Everything that the fast lane can be told at start.
public struct LaneConfiguration: Sendable {
    /// This peer.
    public var selfID: PeerID
    /// Its display name: `X-Fleet-Node` of what runs here.
    public var nodeName: String
    /// This program's version.
    public var version = ""
    /// How peers know each other on links.
    public var link: LinkAccess

    /// The address that the client port listens on.
    public var host = "0.0.0.0"
    /// The client port; 0 takes any free one.
    public var port = 11435
    /// The address that the mesh port listens on.
    public var meshHost = "0.0.0.0"
    /// The mesh port; 0 takes any free one, nil opens none.
    public var meshPort: Int? = 11445

    /// Answers that may be given again; nil where none are kept.
    public var cache: AnswerCache?

    /// The largest request body, bytes; above it the answer is 413.
    public var maximumBodyBytes = 256 << 20
    /// The most that all request bodies of one event loop may take together, bytes; above it the answer is 503.
    public var maximumBufferedBytes = 1 << 30

    /// Machines that one round tries.
    public var maxTries = 3
    /// How long one round of busy answers may take (mesh protocol §8.2.4).
    public var busyWindow: Duration = .milliseconds(250)
    /// How long a request may wait when every machine is busy.
    public var ticketWait: Duration = .seconds(30)
    /// How long a request may wait when machines have the model but none can serve it now.
    public var unavailableWait: Duration = .seconds(3)
    /// How long a request is held for a machine that has the model in memory, before another machine loads it.
    public var hold = HoldRule(most: .seconds(30))
    /// How many requests may wait at this peer.
    public var ticketQueueLimit = 512
    /// Bounds of the pause between two rounds of a waiting request; each pause is drawn evenly from it.
    public var pollPause: ClosedRange<Duration> = .milliseconds(100)...(.milliseconds(800))

    /// How long a client connection may be silent between requests, and within the sending of one.
    public var clientIdle: Duration = .seconds(120)
    /// How long a connection to an engine or peer may take to open.
    public var connectTimeout: Duration = .seconds(3)
    /// How long the TLS handshake of a peer link may take, on either side.
    public var handshakeLimit: Duration = .seconds(5)
    /// How long a peer may take to say admitted or busy.
    public var admissionTimeout: Duration = .seconds(2)
    /// How long an engine may be silent before its first body byte: a cold model loads meanwhile.
    public var firstByteIdle: Duration = .seconds(600)
    /// How long an engine may be silent after that.
    public var streamIdle: Duration = .seconds(300)
    /// How long an unused upstream connection is kept.
    public var upstreamKeepAlive: Duration = .seconds(30)
    /// Unused upstream connections kept per address and event loop.
    public var upstreamIdleLimit = 32
    /// How often time limits are looked at: their resolution.
    public var sweepInterval: Duration = .milliseconds(250)
    /// How long running answers may go on after a shutdown began.
    public var shutdownDeadline: Duration = .seconds(30)

    /// Which models answer for a vendor's names, on Anthropic's messages and OpenAI's responses.
    public var standIns = StandInModels()

    /// Names that stand for models of the fleet.
    public var aliases = ModelAliases()

    /// Whether a model in memory may answer for one that is not; a request may say otherwise.
    public var substitution = Substitution.never
    /// What may be changed in a request before one of this machine's engines gets it.
    public var rewrites = RewriteRules()

    /// Requests have spans: each hop names its own as the parent of the next. Otherwise a caller's `traceparent` goes through as
    /// it came.
    public var makesSpans = false

    /// Gets what clients send, where somebody looks for a fault; nil as usual.
    public var capture: (any RequestCapture)?

    /// Which web pages and host names may reach the client port.
    public var access = AccessRules()
    /// Which clients may do what at the client port. On the mesh port nobody is asked for a client's key: the entry peer did that.
    public var gate = AccessGate()

    /// Defaults for the peer `selfID`.
    public init(selfID: PeerID, nodeName: String, link: LinkAccess) {
        self.selfID = selfID
        self.nodeName = nodeName
        self.link = link
    }

    /// Defaults for a peer whose links are plain HTTP and carry one secret. Empty: the mesh port refuses every request.
    public init(selfID: PeerID, nodeName: String, linkToken: String) {
        self.init(selfID: selfID, nodeName: nodeName, link: LinkAccess(secret: linkToken))
    }
}
