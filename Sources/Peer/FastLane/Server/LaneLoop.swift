internal import Gossip
internal import Logging
internal import NIOCore

/// What the requests and connections of one event loop share. Everything in it runs on that loop.
final class LaneLoop {
    let eventLoop: any EventLoop
    let state: LaneState
    let configuration: LaneConfiguration
    let sink: any TraceSink
    let clientLane: (any OtherLane)?
    let meshLane: (any OtherLane)?
    let logger: Logger
    let pool: UpstreamPool

    /// Now, at the resolution of the sweep.
    private(set) var now = NIODeadline.now()
    /// A shutdown began: no new request is taken.
    private(set) var isStopping = false
    private var generator = SeededGenerator(seed: .random(in: 0...UInt64.max))
    private var lastID: UInt64
    private var requestIDs: RequestIDs
    private var fronts: [ObjectIdentifier: FrontHandler] = [:]
    /// In no order; each knows its place.
    private var requests: [LaneRequest] = []
    private var bufferedBytes = 0
    var handshakes = HandshakeBudget()
    private var addresses: [Endpoint: SocketAddress] = [:]
    /// Requests of peers that were admitted a moment ago and do not know it.
    private var owed: [LaneRequest] = []
    private var unflushed: [any LateFlusher] = []
    private var beingFlushed: [any LateFlusher] = []
    private var sweeper: RepeatedTask?

    init(index: Int, eventLoop: any EventLoop, shared: LaneServer.Shared) {
        self.eventLoop = eventLoop
        state = shared.state
        configuration = shared.state.configuration
        sink = shared.sink
        clientLane = shared.otherLane
        meshLane = shared.meshLane
        logger = shared.logger
        pool = UpstreamPool(loop: eventLoop, configuration: configuration)
        lastID = UInt64(index + 1) << 48
        requestIDs = RequestIDs(loop: index)
    }

    /// Starts the sweep of time limits, and listens for views.
    func start() {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let interval = TimeAmount(configuration.sweepInterval)
        sweeper = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in bound.value.sweep() }
        state.observeViews(Wake(loop: eventLoop) { bound.value.viewChanged() })
    }

    /// Stops the sweep and closes unused upstream connections.
    func stop() {
        sweeper?.cancel()
        sweeper = nil
        pool.closeIdle()
    }

    // MARK: Members

    func add(_ front: FrontHandler) { fronts[ObjectIdentifier(front)] = front }
    func remove(_ front: FrontHandler) { fronts.removeValue(forKey: ObjectIdentifier(front)) }

    func add(_ request: LaneRequest) {
        request.place = requests.count
        requests.append(request)
    }

    func remove(_ request: LaneRequest) {
        let place = request.place
        guard requests.indices.contains(place), requests[place] === request else { return }
        let last = requests.removeLast()
        guard last !== request else { return }
        requests[place] = last
        last.place = place
    }

    /// Open client and peer connections.
    var connectionCount: Int { fronts.count }

    func beginStopping() { isStopping = true }

    /// The time for running answers is over.
    func closeAll() {
        for front in Array(fronts.values) { front.abort() }
    }

    private func sweep() {
        now = .now()
        for request in requests { request.sweep(now) }
        for front in Array(fronts.values) { front.sweep(now) }
        pool.sweep(now)
    }

    private func viewChanged() {
        guard !requests.isEmpty else { return }
        let view = state.view
        for request in requests { request.viewChanged(view) }
    }

    // MARK: Admissions

    /// How long an admission may go unsaid. An entry waits seconds for it, and an interim answer wakes it for nothing when the
    /// answer is about to come.
    private static let admissionPause = TimeAmount.milliseconds(3)

    /// Says that a peer's request is admitted, unless its answer has come by then.
    func admitSoon(_ request: LaneRequest) {
        owed.append(request)
        guard owed.count == 1 else { return }
        eventLoop.assumeIsolated().scheduleTask(in: Self.admissionPause) { [self] in
            let all = owed
            owed = []
            for request in all { request.sayAdmitted() }
        }
    }

    // MARK: Flushing

    /// Flushes when all that this turn of the loop has read is handled: who is written to is woken once for many answers, not for
    /// each, and waking a sleeping core is the dearest part of a short write.
    func flushSoon(_ handler: any LateFlusher) {
        unflushed.append(handler)
        if unflushed.count == 1 { eventLoop.assumeIsolated().execute { self.flushAll() } }
    }

    private func flushAll() {
        swap(&unflushed, &beingFlushed)
        for handler in beingFlushed { handler.flushNow() }
        beingFlushed.removeAll(keepingCapacity: true)
    }

    // MARK: Small services

    /// An id for slots and places in line, unique over all loops.
    func makeID() -> UInt64 {
        lastID += 1
        return lastID
    }

    /// 16 hex digits that no other request has; they grow with time.
    func makeRequestID() -> String {
        requestIDs.next(milliseconds: UInt64(max(LaneClock.wallSeconds, 0) * 1000), using: &generator)
    }

    /// A pause between two rounds, drawn evenly.
    func pollPause(_ range: ClosedRange<Duration>) -> Duration {
        range.lowerBound + generator.duration(below: range.upperBound - range.lowerBound)
    }

    /// Makes room for request bytes; false when all bodies together would be too large.
    func reserve(_ bytes: Int) -> Bool {
        guard bufferedBytes + bytes <= configuration.maximumBufferedBytes else { return false }
        bufferedBytes += bytes
        return true
    }

    func giveBack(_ bytes: Int) { bufferedBytes -= bytes }

    /// A peer's address as sockets want it.
    func address(of endpoint: Endpoint) -> SocketAddress? {
        if let known = addresses[endpoint] { return known }
        let text = endpoint.address.description
        guard let address = try? SocketAddress(ipAddress: text, port: Int(endpoint.port)) else { return nil }
        if addresses.count > 4096 { addresses.removeAll() }
        addresses[endpoint] = address
        return address
    }
}
