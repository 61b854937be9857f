internal import NIOCore

extension FrontHandler {
    // MARK: How answers end

    /// More of an unwanted body than this is not read to keep a connection.
    private static let drainLimit = 16 << 20

    /// The relay has written its answer.
    func laneAnswered() {
        answerEnded = true
        leaveGate()
        guard context != nil, isActive else { return }
        if closesUncleanly { return abort() }
        flush()
        completeIfEnded()
    }

    /// The API router's answer was written out.
    func otherLaneAnswered() {
        guard case .other = lane else { return }
        answerEnded = true
        leaveGate()
        if !keepsAlive, !requestEnded { return closeAfterFlush() }
        completeIfEnded()
    }

    /// A refusal in plain text, or empty as Ollama's are for foreign hosts and pages.
    func refuse(_ status: Int, _ text: String, closes: Bool) {
        lane = .own
        closesAfterAnswer = closes
        reply(
            HeadWriter.answer(
                status: status, contentType: text.isEmpty ? nil : "text/plain; charset=utf-8", body: ByteBuffer(string: text),
                keepAlive: keepsAlive,
                // The entry peer must not take a refusal of the link for an engine's answer.
                headers: isMesh ? [("X-Herd-Refused", "\(status)")] : corsHeaders))
    }

    /// Writes a whole answer of this handler's own.
    func reply(_ bytes: ByteBuffer) {
        write(bytes)
        flush()
        answerEnded = true
        leaveGate()
        if isClosing { closeAfterFlush() } else { completeIfEnded() }
    }

    /// The rest of a request that was answered already: read and forgotten, within bounds.
    func drain(_ bytes: Int) {
        drained += bytes
        if drained > Self.drainLimit { closeAfterFlush() }
    }

    /// Closes when all that was written is out.
    func closeAfterFlush() {
        guard let context, isActive else { return }
        isClosing = true
        let written = context.eventLoop.makePromise(of: Void.self)
        let channel = context.channel
        written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }

    /// Closes now, whatever is under way.
    func abort() {
        isClosing = true
        context?.flush()
        context?.close(promise: nil)
    }
}
