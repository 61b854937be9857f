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
        let key = UpstreamKey(
            address: address, peer: tls == nil ? nil : attempt.peer, pin: tls.flatMap { $0.expectedPin(attempt.peer) })
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
        let target = translation?.request.path ?? head.uri
        let request = HeadWriter.request(
            head, target: target, host: attempt.host, bodyBytes: size, own: ownHeaders(for: attempt))
        connection.send(request, parts, for: self)
    }

    private func ownHeaders(for attempt: Attempt) -> [(String, String)] {
        let names = HopHeaders.names
        let selfID = laneState.selfID
        var headers = [
            (names.id, id), (names.hop, "\(hop.hop + 1)"),
            (names.path, (hop.path + [selfID.hex]).joined(separator: ",")),
        ]
        guard !attempt.isLocal else { return headers }
        let left = max(.zero, limits.ticketWait - (LaneClock.now - arrived))
        headers += [
            (names.entry, selfID.hex), (names.attempt, "\(attempt.number)"),
            (names.deadline, "\(left.wholeMilliseconds)"),
            (names.model, HopHeaders.encoded(attempt.model)),
            (names.backend, HopHeaders.encoded(attempt.candidate?.backend ?? "")),
            (names.client, String(turn.client, radix: 16)), (names.fleet, settings.link.token()),
        ]
        if let version = attempt.candidate?.recordVersion {
            headers.append((names.scoreVersion, "\(version.generation).\(version.counter)"))
        }
        return headers
    }

    /// The body as it came, but for what was rewritten, or with another model's name in the place of the one asked for.
    ///
    /// The entry changes the name only for a fallback. The machine that runs it changes it to the engine's own spelling where that
    /// engine, unlike Ollama, compares names to the letter.
    private func bodyParts(for attempt: Attempt) -> [ByteBuffer] {
        if let translation { return [ByteBuffer(bytes: translation.request.body)] }
        return sentParts(of: attempt, name: sentName(for: attempt))
    }

    /// The name to put into the body; nil to leave it.
    private func sentName(for attempt: Attempt) -> String? {
        let asked = query.model
        guard let engine = attempt.backend else {
            return ModelKey.canonical(asked) == attempt.model ? nil : attempt.candidate?.servedModel
        }
        let name = engine.models[attempt.model] ?? attempt.candidate?.servedModel ?? asked
        if engine.kind == .ollama { return ModelKey.canonical(asked) == ModelKey.canonical(name) ? nil : name }
        return name == asked ? nil : name
    }
}
