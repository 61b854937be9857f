import Glibc

/// The clients of one target: each has one connection and one request under way at most.
final class Clients {
    /// Counts since the last reset.
    struct Counts {
        var requests = 0
        var chunks = 0
        var begun = 0
        var failures = 0
        var firstFailure: String?
    }

    let target: LoadPlan.Target
    /// Who has its answer asks again.
    var repeats = false
    /// Times are noted.
    var isTiming = false
    private(set) var counts = Counts()
    private(set) var busy = 0
    /// Connections that had to be opened again.
    private(set) var reopened = 0
    private(set) var answerTimes = Histogram()
    private(set) var chunkTimes = Histogram()

    private let plan: LoadPlan
    private let requests: [[UInt8]]
    private let poll: Poll
    private var connections: [LoadConnection] = []
    private var byDescriptor = ByDescriptor<LoadConnection>()
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    init(_ target: LoadPlan.Target, _ plan: LoadPlan) throws(BenchProblem) {
        self.target = target
        self.plan = plan
        requests = RequestBytes.all(target, plan)
        poll = try Poll()
    }

    deinit {
        closeAll()
        scratch.deallocate()
    }

    /// Connections that are open.
    var count: Int { connections.count }

    /// Opens `count` more connections.
    func open(_ count: Int) throws(BenchProblem) {
        for _ in 0..<count {
            let request = requests[connections.count % requests.count]
            let connection = LoadConnection(descriptor: try Socket.connect(port: target.port), request: request)
            connections.append(connection)
            byDescriptor[connection.descriptor] = connection
            try poll.add(connection.descriptor)
        }
    }

    /// Sends a request on the connections from `first` on.
    func start(from first: Int = 0) throws(BenchProblem) {
        for connection in connections[first...] where !connection.isBusy { try ask(connection) }
    }

    /// Handles what came, and waits at most until `end` for something to come.
    func turn(until end: Int64) throws(BenchProblem) {
        var problem: BenchProblem?
        try poll.wait(nanoseconds: end - Clock.now) { event in
            guard let connection = byDescriptor[event.descriptor] else { return }
            do throws(BenchProblem) { try read(connection) } catch { problem = problem ?? error }
        }
        if let problem { throw problem }
    }

    /// Takes note of connections that the other side closed while nobody asked.
    func settle() throws(BenchProblem) {
        for _ in 0...connections.count / 256 { try turn(until: 0) }
    }

    /// Forgets all counts and times.
    func resetCounts() {
        counts = Counts()
        resetTimes()
    }

    /// Forgets the times.
    func resetTimes() {
        answerTimes.reset()
        chunkTimes.reset()
    }

    /// Hangs up.
    func closeAll() {
        for connection in connections { close(connection.descriptor) }
        connections = []
        byDescriptor = ByDescriptor()
        busy = 0
    }

    // MARK: One connection

    private func ask(_ connection: LoadConnection) throws(BenchProblem) {
        connection.reader.reset()
        connection.hasBegun = false
        connection.isBusy = true
        busy += 1
        connection.sentAt = Clock.now
        let sent = Socket.send(connection.request, to: connection.descriptor)
        if sent != connection.request.count { try fail(connection, "a request could not be sent") }
    }

    private func read(_ connection: LoadConnection) throws(BenchProblem) {
        let count = recv(connection.descriptor, scratch.baseAddress, scratch.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0 else {
            guard connection.isBusy else { return try reopen(connection) }
            return try fail(connection, count == 0 ? "the connection was closed" : String(cString: strerror(errno)))
        }
        let now = Clock.now
        do throws(BenchProblem) {
            try connection.reader.feed(Bytes.part(UnsafeRawBufferPointer(scratch), 0, count))
        } catch {
            return try fail(connection, "\(error)")
        }
        if !connection.reader.lines.stamps.isEmpty { noteChunks(connection, now) }
        if connection.reader.isDone { try ended(connection, now) }
    }

    private func noteChunks(_ connection: LoadConnection, _ now: Int64) {
        let stamps = connection.reader.lines.stamps
        counts.chunks += stamps.count
        if !connection.hasBegun {
            connection.hasBegun = true
            counts.begun += 1
        }
        if isTiming { for stamp in stamps { chunkTimes.record(now - stamp) } }
        connection.reader.lines.stamps.removeAll(keepingCapacity: true)
    }

    private func ended(_ connection: LoadConnection, _ now: Int64) throws(BenchProblem) {
        if let reason = reasonAgainst(connection.reader) { return try fail(connection, reason) }
        counts.requests += 1
        if isTiming { answerTimes.record(now - connection.sentAt) }
        connection.isBusy = false
        busy -= 1
        if connection.reader.closes { try reopen(connection) }
        if repeats { try ask(connection) }
    }

    /// What is wrong with a whole answer.
    private func reasonAgainst(_ reader: AnswerReader) -> String? {
        guard reader.status == 200 else { return "status \(reader.status)" }
        if plan.streams {
            guard target.verbatim else { return nil }
            let lines = reader.lines
            if lines.sawForeign { return "a line that nobody sent" }
            return lines.count == plan.chunks && lines.sawEnd ? nil : "\(lines.count) of \(plan.chunks) chunks"
        }
        guard target.verbatim, reader.bodyBytes != EngineAnswers.wholeSize else { return reader.bodyBytes > 0 ? nil : "no body" }
        return "a body of \(reader.bodyBytes) instead of \(EngineAnswers.wholeSize) bytes"
    }

    private func fail(_ connection: LoadConnection, _ reason: String) throws(BenchProblem) {
        counts.failures += 1
        counts.firstFailure = counts.firstFailure ?? reason
        if connection.isBusy {
            connection.isBusy = false
            busy -= 1
        }
        try reopen(connection)
        if repeats {
            // A relay that fails at once is not asked a million times.
            guard counts.failures < 1_000 else { throw .words("\(target.name) fails again and again: \(reason)") }
            try ask(connection)
        }
    }

    private func reopen(_ connection: LoadConnection) throws(BenchProblem) {
        reopened += 1
        byDescriptor[connection.descriptor] = nil
        close(connection.descriptor)
        connection.descriptor = try Socket.connect(port: target.port)
        byDescriptor[connection.descriptor] = connection
        try poll.add(connection.descriptor)
    }
}
