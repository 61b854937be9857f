internal import Gossip
internal import NIOCore
internal import NIOHTTP1
internal import Routing
internal import Translation

extension LaneRequest {
    // MARK: To the upstream

    /// Takes a kept connection or opens one, and sends the request on it.
    func connect(fresh: Bool) {
        guard let attempt, let address = attempt.address else { return }
        state = .connecting
        lastActivity = loop.now
        // Links to peers of a closed fleet are TLS and belong to the peer; this machine's engines are spoken to as they are.
        let tls = attempt.isLocal ? nil : settings.link.tls()
        var key = UpstreamKey(
            address: address, peer: tls == nil ? nil : attempt.peer, pin: tls.flatMap { $0.expectedPin(attempt.peer) })
        if let door = attempt.backend?.door, door.isSecure { key.door = door }
        if !fresh, let kept = loop.pool.take(key) { return send(on: kept) }
        let number = attemptCount
        loop.pool.connect(key, tls: tls) { [weak self] result in
            guard let self, self.state == .connecting, self.attemptCount == number else {
                // Nobody wants it any more; another request may.
                if case .success(let connection) = result { self?.loop.pool.put(connection) }
                return
            }
            switch result {
            case .success(let connection): self.send(on: connection)
            case .failure(let error): self.connectFailed(error)
            }
        }
    }

    private func connectFailed(_ error: any Error) {
        let trouble = UpstreamTrouble(error)
        noteTrouble(trouble)
        attemptFailed(trouble.words)
    }

    /// Tells the mesh of a peer, or the prober of an engine, that its connection failed.
    func noteTrouble(_ trouble: UpstreamTrouble) {
        guard let attempt else { return }
        if let engine = attempt.backend {
            laneState.reportTrouble(of: engine.id)
        } else {
            laneState.report(trouble.evidence, of: attempt.peer)
        }
    }

    private func send(on connection: BackHandler) {
        guard let attempt else { return connection.close() }
        back = connection
        state = .awaitingHead
        lastActivity = loop.now
        let parts = bodyParts(for: attempt)
        let size = parts.reduce(0) { $0 + $1.readableBytes }
        let isShort = size <= Self.shortBody
        if let door = attempt.backend?.door {
            let request = requestThrough(door, at: attempt, bodyBytes: size, body: isShort ? parts : [])
            return connection.send(request, isShort ? [] : parts, for: self)
        }
        // One buffer is one plain write.
        let request = HeadWriter.request(
            head, target: translation?.request.path ?? target(at: attempt), host: attempt.host, bodyBytes: size,
            body: isShort ? parts : []
        ) { writeOwnLines(for: attempt, to: &$0) }
        connection.send(request, isShort ? [] : parts, for: self)
    }

    /// Bodies up to this size are copied behind their head.
    static let shortBody = 16 << 10

    private func writeOwnLines(for attempt: Attempt, to head: inout HeadBuilder) {
        let own = laneState.selfHex
        head.line("X-Herd-Request-Id: ", id)
        head.line("X-Herd-Hop: ", hop.hop + 1)
        head.line("X-Herd-Path: ", hop.path.isEmpty ? own : "\(hop.path),\(own)")
        if let context { head.line("traceparent: ", context.header) }
        guard !attempt.isLocal else { return }
        let left = max(.zero, limits.ticketWait - (LaneClock.now - arrived))
        head.line("X-Herd-Entry: ", own)
        head.line("X-Herd-Attempt: ", attempt.number)
        head.line("X-Herd-Deadline-Ms: ", Int(clamping: left.wholeMilliseconds))
        head.line("X-Herd-Model: ", HopHeaders.encoded(attempt.model))
        head.line("X-Herd-Backend: ", HopHeaders.encoded(attempt.candidate?.backend ?? ""))
        head.line("X-Herd-Client: ", String(turn.client, radix: 16))
        if waitStarted != nil || waited > .zero {
            head.line("X-Herd-Waited-Ms: ", Int(clamping: waitedSoFar(LaneClock.now).wholeMilliseconds))
        }
        head.line("X-Herd-Fleet: ", settings.link.token())
        if let version = attempt.candidate?.recordVersion {
            head.line("X-Herd-Score-Ver: ", "\(version.generation).\(version.counter)")
        }
    }

    /// The body as it came, but for what was rewritten, or with another model's name in the place of the one asked for.
    ///
    /// The entry changes the name only for a fallback. The machine that runs it changes it to the engine's own spelling where that
    /// engine, unlike Ollama, compares names to the letter.
    private func bodyParts(for attempt: Attempt) -> [ByteBuffer] {
        if let translation { return [ByteBuffer(bytes: translation.request.body)] }
        if let form { return formParts(form, model: sentName(for: attempt), isLocal: attempt.isLocal) }
        return sentParts(of: attempt, name: sentName(for: attempt))
    }

    /// The name to put into the body; nil to leave it.
    private func sentName(for attempt: Attempt) -> String? {
        let asked = query.model
        guard let engine = attempt.backend else {
            return isFallback(attempt) ? attempt.candidate?.servedModel : nil
        }
        let name = engine.models[attempt.model] ?? attempt.candidate?.servedModel ?? asked
        if name == asked { return nil }
        if engine.kind == .ollama { return ModelKey.canonical(asked) == ModelKey.canonical(name) ? nil : name }
        return name
    }
}
