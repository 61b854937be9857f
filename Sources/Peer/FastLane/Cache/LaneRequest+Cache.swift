internal import NIOCore
internal import Routing

extension LaneRequest {
    // MARK: Answers that are given again (nomyo-compat §9)

    /// Answers out of the cache, where the request asked for that and the same one was answered before. False where it was not;
    /// then its answer is kept.
    func answersFromCache(_ cache: AnswerCache) -> Bool {
        guard mayBeCached, let front else { return false }
        let key = AnswerCache.Key(
            client: front.keyID ?? "", target: "\(head.target) \(fallbackAllowed)", body: body)
        guard let answer = cache.answer(to: key) else {
            keeping = AnswerKeeping(cache, key)
            return false
        }
        tries.append(
            RequestTrace.Try(
                peer: laneState.selfHex, node: settings.nodeName, verdict: "cached",
                reason: "the same request was answered before",
                milliseconds: 0))
        let bytes = HeadBuilder.buffer(guess: 512 + answer.lines.readableBytes, room: answer.body.readableBytes) { head in
            head.start(status: "200 OK", framing: answer.framing, keepAlive: front.keepsAlive)
            head.put(answer.lines)
            head.line("X-Fleet-Node: ", answer.node)
            head.line("X-Fleet-Served-Model: ", answer.model)
            head.line("X-Fleet-Requested-Model: ", query.model)
            head.put("X-Fleet-Cache: hit\r\n")
            head.line("X-Herd-Request-Id: ", id)
            for (name, value) in front.corsHeaders { head.line(named: name, value) }
            head.put("\r\n")
        }
        sentStatus = 200
        front.write(bytes)
        send(answer.body, to: front)
        front.flush()
        finish(.completed)
        return true
    }

    /// Text that somebody made for this request alone is worth keeping; what a client goes on working with while it comes is not.
    private var mayBeCached: Bool {
        guard front?.isHTTP11 == true, !isTarget else { return false }
        switch route {
        case .chat, .generate: return !(scan.hasTools && scan.stream != false)
        case .openaiChat, .openaiCompletions: return !(scan.hasTools && scan.stream == true)
        default: return false
        }
    }
}
