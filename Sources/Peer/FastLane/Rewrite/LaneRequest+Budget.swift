internal import NIOCore

extension LaneRequest {
    // MARK: How a thinking model used its limit (herd-compat §1.1)

    /// Larger answers are passed on as they come, without the figures.
    private static let wholeLimit = 256 << 10

    /// The head of an answer is here. The figures of a whole answer stand in its head, but are known at its end only.
    func holdForBudget() {
        holdsWhole = false
        guard !isTarget, translation == nil, attempt?.rewrite?.notes.budget != nil, let upstream, upstream.status == 200,
            upstream.content == .whole, upstream.framing != .none
        else { return }
        if case .length(let count) = upstream.framing, count > Self.wholeLimit { return }
        holdsWhole = true
        relay = front?.isHTTP11 == false ? .bare : .encoded
    }

    /// More of a held answer is here; false when it is not held, or not any more.
    func keepsHolding() -> Bool {
        guard holdsWhole, state == .holding else { return false }
        holdsWhole = payloadBytes.readableBytes <= Self.wholeLimit
        return holdsWhole
    }

    /// A held answer is whole.
    func wholeEnd() {
        holdsWhole = false
        relay = .verbatim
        upstream?.framing = .length(payloadBytes.readableBytes)
        attempt?.rewrite?.budget = budgetHeaders
        commit()
        guard let front else { return }
        send(payloadBytes, to: front)
        payloadBytes = ByteBuffer()
        succeed()
    }

    private var budgetHeaders: [(String, String)] {
        guard let limit = attempt?.rewrite?.notes.budget, let completion = counts.completion else { return [] }
        let thoughts = payloadBytes.withUnsafeReadableBytes { AnswerThoughts.read($0).tokens(of: completion) }
        var headers = [
            ("X-Thinking-Tokens", "\(thoughts)"), ("X-Output-Tokens", "\(completion - thoughts)"),
            ("X-Budget-Used", "\(completion)/\(limit)"),
        ]
        if let reason = counts.finishReason { headers.append(("X-Done-Reason", reason)) }
        return headers
    }
}
