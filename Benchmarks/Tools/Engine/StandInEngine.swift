import DequeModule
import Glibc
import HeapModule

/// An engine that costs next to nothing: one thread, epoll, answers made beforehand. It looks like an Ollama to those who probe.
///
/// Requests beyond its slots wait in the order of their arrival, as Ollama lets them.
final class StandInEngine {
    /// Chunks that one stream without an interval may send before the next one's turn.
    private static let burst = 8

    private let listener: Int32
    private let poll: Poll
    private let slots: Int
    private var answers: EngineAnswers
    private var connections = ByDescriptor<EngineConnection>()
    private var appointments = Heap<Appointment>()
    private var eager = Deque<Int32>()
    private var waiting = Deque<Int32>()
    private var running = 0
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    /// Listens.
    ///
    /// - Parameters:
    ///   - listener: from `Socket.listen`.
    ///   - slots: requests answered at once; 0 sets no limit.
    init(listener: Int32, models: [String], slots: Int) throws(BenchProblem) {
        self.listener = listener
        self.slots = slots
        answers = EngineAnswers(models: models)
        poll = try Poll()
        try poll.add(listener)
    }

    deinit {
        for descriptor in connections.descriptors { close(descriptor) }
        close(listener)
        scratch.deallocate()
    }

    /// Serves until `isOver` says so; it is asked after every turn, at least ten times a second.
    func run(until isOver: () -> Bool = { false }) throws(BenchProblem) {
        while !isOver() { try turn() }
    }

    private func turn() throws(BenchProblem) {
        let now = Clock.now
        let pause = eager.isEmpty ? min(100_000_000, (appointments.min?.at ?? Int64.max) - now) : 0
        try poll.wait(nanoseconds: pause) { event in
            if event.descriptor == listener { return acceptAll() }
            guard let connection = connections[event.descriptor] else { return }
            if event.isWritable { writeRest(connection) }
            if event.isReadable { read(connection) }
        }
        keepAppointments()
        for _ in 0..<eager.count {
            guard let descriptor = eager.popFirst(), let connection = connections[descriptor] else { continue }
            sendEagerly(connection)
        }
    }

    // MARK: Requests

    private func acceptAll() {
        while let descriptor = Socket.accept(from: listener) {
            connections[descriptor] = EngineConnection(descriptor: descriptor)
            do { try poll.add(descriptor) } catch { drop(descriptor) }
        }
    }

    private func read(_ connection: EngineConnection) {
        let count = recv(connection.descriptor, scratch.baseAddress, scratch.count, 0)
        guard count > 0 else {
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            return drop(connection.descriptor)
        }
        let bytes = Bytes.part(UnsafeRawBufferPointer(scratch), 0, count)
        if connection.input.isEmpty, !connection.isBusy {
            let used = serve(bytes, connection)
            if used < count { connection.input.append(contentsOf: Bytes.part(bytes, used)) }
        } else {
            connection.input.append(contentsOf: bytes)
            serveInput(connection)
        }
    }

    private func serveInput(_ connection: EngineConnection) {
        guard !connection.isBusy, !connection.input.isEmpty else { return }
        let input = connection.input
        let used = input.withUnsafeBytes { serve($0, connection) }
        connection.input.removeFirst(min(used, connection.input.count))
    }

    /// Answers the requests in `bytes` until one takes longer; returns how many bytes they had.
    private func serve(_ bytes: UnsafeRawBufferPointer, _ connection: EngineConnection) -> Int {
        var used = 0
        do throws(BenchProblem) {
            while used < bytes.count, !connection.isBusy, let request = try EngineRequest.parse(Bytes.part(bytes, used)) {
                used += request.length
                connection.keepsAlive = request.keepsAlive
                answer(request, on: connection)
            }
        } catch {
            drop(connection.descriptor)
        }
        return used
    }

    private func answer(_ request: EngineRequest, on connection: EngineConnection) {
        connection.isBusy = true
        switch request.route {
        case .inference:
            connection.plan = AnswerPlan(body: request.body)
            if slots > 0, running >= slots { waiting.append(connection.descriptor) } else { start(connection) }
            return
        case .version: send(answers.version, on: connection)
        case .tags: send(answers.tags, on: connection)
        case .running: send(answers.running, on: connection)
        case .show: send(answers.show, on: connection)
        case .root: send(answers.root, on: connection)
        case .unknown: send(answers.unknown, on: connection)
        }
        finish(connection)
    }

    /// A slot is free for this connection's request.
    private func start(_ connection: EngineConnection) {
        running += 1
        connection.hasSlot = true
        connection.serial += 1
        if connection.plan.delay > 0 { return meet(connection, at: Clock.now + connection.plan.delay) }
        begin(connection)
    }

    private func begin(_ connection: EngineConnection) {
        guard connection.plan.streams else {
            send(answers.whole, on: connection)
            return finish(connection)
        }
        let interval = connection.plan.interval
        connection.stream = EngineConnection.Stream(left: connection.plan.chunks, interval: interval)
        let now = Clock.now
        sendChunk(connection, after: answers.streamHead, now: now)
        guard connection.stream != nil else { return }
        if interval == 0 { return eager.append(connection.descriptor) }
        // Streams that began together do not beat together.
        let phase = (Double(connection.descriptor) * 0.618_034).truncatingRemainder(dividingBy: 1)
        meet(connection, at: now + Int64(Double(interval) * phase) + 1)
    }

    /// The answer is out: the slot goes to the next, the connection to its next request.
    private func finish(_ connection: EngineConnection) {
        connection.isBusy = false
        connection.stream = nil
        freeSlot(of: connection)
        guard connection.output.isEmpty else { return }
        if !connection.keepsAlive { drop(connection.descriptor) }
    }

    private func freeSlot(of connection: EngineConnection) {
        guard connection.hasSlot else { return }
        connection.hasSlot = false
        connection.serial += 1
        running -= 1
        while running < max(1, slots), let next = waiting.popFirst() {
            if let waiter = connections[next], waiter.isBusy, !waiter.hasSlot { start(waiter) }
        }
    }

    private func drop(_ descriptor: Int32) {
        guard let connection = connections[descriptor] else { return }
        connections[descriptor] = nil
        close(descriptor)
        connection.isBusy = false
        freeSlot(of: connection)
    }

    // MARK: Chunks

    private func meet(_ connection: EngineConnection, at time: Int64) {
        appointments.insert(Appointment(at: time, descriptor: connection.descriptor, serial: connection.serial))
    }

    private func keepAppointments() {
        let now = Clock.now
        while let next = appointments.min, next.at <= now {
            appointments.removeMin()
            guard let connection = connections[next.descriptor], connection.serial == next.serial else { continue }
            guard let stream = connection.stream else {
                begin(connection)
                serveInput(connection)
                continue
            }
            // A reader that is behind gets its chunk later: nothing piles up here.
            if connection.output.isEmpty { sendChunk(connection, now: Clock.now) }
            if connection.stream != nil { meet(connection, at: next.at + stream.interval) } else { serveInput(connection) }
        }
    }

    private func sendEagerly(_ connection: EngineConnection) {
        for _ in 0..<Self.burst where connection.stream != nil && connection.output.isEmpty {
            sendChunk(connection, now: Clock.now)
        }
        if connection.stream == nil { return serveInput(connection) }
        // With bytes left behind it goes on when the socket has room again.
        if connection.output.isEmpty { eager.append(connection.descriptor) }
    }

    private func sendChunk(_ connection: EngineConnection, after head: [UInt8] = [], now: Int64) {
        guard let left = connection.stream?.left else { return }
        let chunk = answers.stampedChunk(isLast: left == 1, now: now)
        connection.stream?.left = left - 1
        send(head.isEmpty ? chunk : head + chunk, on: connection)
        if left == 1 { finish(connection) }
    }

    // MARK: Bytes

    private func send(_ bytes: [UInt8], on connection: EngineConnection) {
        guard connection.output.isEmpty else { return connection.output.append(contentsOf: bytes) }
        let sent = max(0, Socket.send(bytes, to: connection.descriptor))
        guard sent < bytes.count else { return }
        connection.output = Array(bytes[sent...])
        poll.change(connection.descriptor, forWriting: true)
    }

    private func writeRest(_ connection: EngineConnection) {
        let sent = Socket.send(connection.output, to: connection.descriptor)
        if sent < 0 { return errno == EAGAIN ? () : drop(connection.descriptor) }
        connection.output.removeFirst(sent)
        guard connection.output.isEmpty else { return }
        poll.change(connection.descriptor, forWriting: false)
        if let stream = connection.stream, stream.interval == 0 { return eager.append(connection.descriptor) }
        guard !connection.isBusy else { return }
        if connection.keepsAlive { serveInput(connection) } else { drop(connection.descriptor) }
    }
}
