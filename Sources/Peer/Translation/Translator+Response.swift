extension Translator {
    /// Takes the head of the engine's answer and gives the client's.
    public mutating func response(status: Int, contentType: String) -> TranslatedHead {
        guard (200..<300).contains(status) else {
            head.status = status < 400 ? 502 : status
            phase = .error
            return head
        }
        if route == .ollamaEmbed || route == .ollamaEmbeddings || route == .herdImage {
            phase = .whole
            return head
        }
        let type = contentType.prefix { $0 != ";" }.lowercased()
        if type.hasPrefix("text/event-stream") {
            phase = .events
        } else if type.hasPrefix("application/x-ndjson") {
            phase = .lines
        } else {
            phase = .whole
        }
        writer = makeWriter()
        if setting.streams {
            let type = route.family == .ollama ? "application/x-ndjson" : "text/event-stream; charset=utf-8"
            head = TranslatedHead(status: 200, contentType: type, streams: true)
        }
        return head
    }

    private func makeWriter() -> any AnswerWriter {
        switch route.family {
        case .ollama: OllamaAnswerWriter(setting)
        case .anthropic: AnthropicAnswerWriter(setting)
        case .openai: ResponsesAnswerWriter(setting)
        }
    }

    /// Takes the next bytes of the engine's answer, cut anywhere.
    ///
    /// - Parameter elapsed: since the request was accepted.
    public mutating func feed(_ bytes: [UInt8], elapsed: Duration) -> TranslatedPiece {
        var piece = TranslatedPiece()
        do throws(TranslationError) {
            try take(bytes, at: elapsed, to: &piece.bytes)
        } catch {
            phase = .failed
            piece.failure = error
        }
        return piece
    }

    /// Takes the end of the engine's answer. Whole bodies come here.
    public mutating func finish(elapsed: Duration) -> TranslatedPiece {
        var piece = TranslatedPiece()
        do throws(TranslationError) {
            try end(at: elapsed, to: &piece.bytes)
        } catch {
            phase = .failed
            piece.failure = error
        }
        return piece
    }

    private mutating func take(_ bytes: [UInt8], at elapsed: Duration, to output: inout [UInt8]) throws(TranslationError) {
        switch phase {
        case .request: throw .badAnswer("bytes of an answer came before its head")
        case .complete, .failed: return
        case .error:
            // What an error says beyond this is of no use to anybody.
            body += bytes.prefix(max(0, (1 << 20) - body.count))
        case .whole:
            guard body.count + bytes.count <= limits.maximumWholeBytes else {
                throw .tooLarge("the engine's answer is longer than \(limits.maximumWholeBytes) bytes")
            }
            body += bytes
        case .events:
            events.append(bytes)
            while let data = try events.next() {
                if try write(try openai.chunk(data), at: elapsed, to: &output) { return phase = .complete }
            }
        case .lines:
            lines.append(bytes)
            while let line = try lines.next() {
                if try write(try ollama.line(line), at: elapsed, to: &output) { return phase = .complete }
            }
        }
    }

    private mutating func end(at elapsed: Duration, to output: inout [UInt8]) throws(TranslationError) {
        switch phase {
        case .request, .failed: throw .endedEarly
        case .complete: return
        case .error:
            let failure = EngineFailure(status: head.status, body: body, limits: limits)
            output += ErrorBody.json(failure.error, family: route.family, failure: failure, ids: &ids).bytes
        case .whole: try endWhole(at: elapsed, to: &output)
        case .events:
            guard let data = try events.rest(), try write(try openai.chunk(data), at: elapsed, to: &output) else {
                throw .endedEarly
            }
        case .lines:
            guard try write(try ollama.line(lines.rest()), at: elapsed, to: &output) else { throw .endedEarly }
        }
        phase = .complete
    }

    private mutating func endWhole(at elapsed: Duration, to output: inout [UInt8]) throws(TranslationError) {
        if route == .herdImage {
            let picture = try PictureAnswer.read(body, limits: limits)
            head.contentType = picture.type
            output += picture.bytes
            return
        }
        if route == .ollamaEmbed || route == .ollamaEmbeddings {
            let (seconds, attoseconds) = elapsed.components
            let nanoseconds = max(0, min(seconds, 4_000_000_000)) * 1_000_000_000 + max(0, attoseconds) / 1_000_000_000
            let (answer, count) = try EmbeddingAnswer.translate(
                body, model: setting.model, route: route, elapsed: nanoseconds, limits: limits)
            usage = count
            output += answer.bytes
            return
        }
        let events = engine == .ollama ? try ollama.line(body[...]) : try openai.whole(body)
        finishReason = FinishReason.stop.ollama
        guard try write(events, at: elapsed, to: &output) else { throw .endedEarly }
    }

    /// Writes events; true when the last one was the terminal marker.
    private mutating func write(
        _ events: [AnswerEvent], at elapsed: Duration, to output: inout [UInt8]
    ) throws(TranslationError) -> Bool {
        for event in events {
            switch event {
            case .usage(let count): usage = count
            case .finished(let reason): finishReason = reason.ollama
            // A stream says why it stops before it says that it is over.
            case .ended: guard finishReason != nil else { throw .endedEarly }
            default: break
            }
            try writer?.take(event, at: elapsed, to: &output)
            if event == .ended { return true }
        }
        return false
    }
}
