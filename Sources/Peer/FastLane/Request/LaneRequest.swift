internal import Gossip
internal import NIOCore
internal import Routing

/// One inference request from its head to its trace row. Lives on the event loop of its client's connection.
///
/// `FrontHandler` feeds it and is written to; a `BackHandler` is its upstream. The parts: `+Receive` (head, body), `+Target`
/// (requests from other peers), `+Entry` (rounds of tries), `+Waiting`, `+Connect`, `+Translation` (engines of another dialect),
/// `+Rewrite` (what an engine gets instead of what was sent),
/// `+Upstream` (answers), `+Answer` (to the client), `+Limits` (time), `+Trace`.
final class LaneRequest {
    let loop: LaneLoop
    let route: LaneRoute
    let head: RequestHead
    /// What may change while the lane runs, as it was when this request came.
    let limits: LaneLimits
    let hop: HopHeaders
    let id: String
    /// Where it stands in its caller's trace; nil where nobody asks for spans.
    let context: TraceContext?
    let clientIP: String
    let arrived: Instant
    let arrivedWall: Double
    /// Where the loop keeps it.
    var place = -1
    /// Nil once the request is done.
    var front: FrontHandler?

    var state = RequestState.receiving
    var lastActivity: NIODeadline
    var body = ByteBuffer()
    var isBodyComplete = false
    var scan = BodyScan()
    /// Where the body is a multipart form.
    var form: FormScan?
    var query: RouteRequest
    /// The key of the model asked for; known when the body is.
    lazy var askedKey = ModelKey(name: query.model)
    /// The request's tags; known when the body is.
    lazy var tags = makeTags()

    // Entry: the ranking and the current round of tries.
    var plan: Plan?
    /// The machine that has the files of a model to be made.
    var blobHome: PeerID?
    var triedThisRound: [PeerID] = []
    var busyThisRound = 0
    var roundStarted: Instant
    var retryCount = 0
    var attemptCount = 0
    var tries: [RequestTrace.Try] = []
    var lastProblem = ""

    // Waiting.
    lazy var turn = makeTurn()
    var lineID: UInt64?
    var waitStarted: Instant?
    var waitLimit = Duration.zero
    var waited = Duration.zero
    var pollTimer: Scheduled<Void>?
    /// Where it stood in line at first.
    var linePosition: Int?
    /// When the client last heard where it stands.
    var progressSaid: Instant?
    var pendingAt: (node: String, model: String)?
    /// The model is being fetched for this request, or was tried to.
    var isFetching = false
    var hasFetched = false
    /// Until then no machine loads the model; nil while none was busy that has it in memory.
    var holdEnds: Instant?
    /// It was about to make a machine load the model; nil for most.
    var cold: ColdLoad?

    // The current attempt.
    var attempt: Attempt?
    var lastAttempt: Attempt?
    var slot: UInt64?
    var slotWaitStarted: Instant?
    var slotWaited = Duration.zero
    var loadAtAdmission: (inFlight: Int, queued: Int)?
    var back: BackHandler?
    var heldError: HeldError?

    // The answer.
    var upstream: UpstreamHead?
    var relay = RelayMode.verbatim
    /// A whole answer is kept back, because its head says what is known at its end.
    var holdsWhole = false
    /// Where the engine does not speak the client's dialect.
    var translation: AttemptTranslation?
    /// What the last translated answer's engine counted.
    var translatedCounts: TokenCounts?
    /// What the answer's last bytes say, once it is over.
    lazy var counts = countTokensOfAnswer()
    var watch = MarkerWatch(kind: .whole)
    var payloadBytes = ByteBuffer()
    /// The answer's head, until the first body bytes go out behind it in the same write.
    var headToWrite: ByteBuffer?
    var sentStatus = 0
    var bytesOut = 0
    var firstByte: Instant?
    /// The answer is kept for the next one who asks the same; nil for most.
    var keeping: AnswerKeeping?
    /// Others are asked first; nil for most.
    var ensemble: EnsembleWork?

    /// How body bytes go to the client.
    enum RelayMode {
        /// As they came, framing included.
        case verbatim
        /// Payload in chunks of our own: the upstream ends by closing.
        case encoded
        /// Payload only, the end is the connection's: HTTP/1.0.
        case bare
    }

    init(loop: LaneLoop, front: FrontHandler, route: LaneRoute, head: RequestHead) {
        self.loop = loop
        self.front = front
        self.route = route
        self.head = head
        limits = loop.state.limits
        hop = HopHeaders(head)
        id = front.isMesh ? hop.requestID ?? loop.makeRequestID() : loop.makeRequestID()
        context = loop.state.configuration.makesSpans ? TraceContext(taking: head) : nil
        clientIP = front.clientIP
        arrived = LaneClock.now
        arrivedWall = LaneClock.wallSeconds
        roundStarted = arrived
        lastActivity = loop.now
        query = RouteRequest(model: "", kind: route.kind)
        query.prefersOllama = route.dialect == .ollama
    }

    /// It was forwarded here: admit or busy, never forwarded again (mesh protocol §8.3).
    var isTarget: Bool { hop.hop > 0 }

    var laneState: LaneState { loop.state }
    var settings: LaneConfiguration { loop.configuration }

    /// The client is gone: stop everything, at every stage.
    func clientGone() {
        guard state != .done else { return }
        if state == .streaming, loop.isStopping { lastProblem = "cut by shutdown" }
        endAttempt(.cancelled, verdict: nil, reason: "")
        finish(.clientDisconnected)
    }

    /// The client reads again, or not any more.
    func frontWritabilityChanged(_ writable: Bool) {
        guard state == .streaming else { return }
        lastActivity = loop.now
        if !writable, attempt?.backend?.isTried == true { noteSlowClient() }
        back?.setReading(writable)
    }

    /// A call that reaches this request on its loop, from any thread.
    func wake(_ call: @escaping (LaneRequest) -> Void) -> Wake {
        let bound = NIOLoopBound((self, call), eventLoop: loop.eventLoop)
        return Wake(loop: loop.eventLoop) { bound.value.1(bound.value.0) }
    }
}
