internal import NIOCore
internal import Translation

extension LaneRequest {
    // MARK: An engine behind TLS, a key, or a path

    /// The request as it goes through `door`.
    ///
    /// The engine may be somebody else's: it learns nothing of the client, and of the fleet only how often the request was
    /// forwarded, so that a loop over it is found.
    func requestThrough(_ door: BackendDoor, at attempt: Attempt, bodyBytes: Int, body: [ByteBuffer]) -> ByteBuffer {
        let route = translation?.request.path ?? target(at: attempt) ?? head.target
        return HeadWriter.request(
            door.admitted(head), target: door.target(route), host: door.authority, bodyBytes: bodyBytes, body: body
        ) { lines in
            door.writeKey(to: &lines)
            lines.line("X-Herd-Hop: ", hop.hop + 1)
        }
    }

    /// The engine refused the key that this machine has for it. What it says is not passed on: engines repeat keys. Another
    /// machine may have a better one.
    func keyRefused(status: Int) {
        guard let attempt, let engine = attempt.backend else { return }
        let message =
            "the engine '\(engine.id)' of node \(attempt.node) refuses the key that is configured for it there (status \(status))"
        let connection = back
        back = nil
        connection?.discardRest()
        laneState.reportTrouble(of: engine.id)
        if isTarget { return fail(LaneFailure(status, message), as: .failed) }
        let body = ErrorWriter.json(message, status: status, dialect: route.dialect)
        heldError = HeldError(status: status, lines: Self.jsonLine, body: body)
        attemptFailed(message)
    }
}
