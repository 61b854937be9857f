internal import NIOCore
internal import Translation

/// The translation of one attempt at an engine of another dialect: what it is asked, and what its answer becomes.
final class AttemptTranslation {
    private var translator: Translator
    /// What the engine is asked.
    let request: TranslatedRequest
    /// Why the engine's answer cannot be used; nil while it can.
    private(set) var failure: TranslationError?
    /// The answer goes to the client as it is made.
    private(set) var streams = false

    init(_ translator: Translator, _ request: TranslatedRequest) {
        self.translator = translator
        self.request = request
    }

    /// Puts the engine's head into the client's terms. Of its `lines` none is left: they speak of the engine's body.
    func turn(_ head: UpstreamHead) {
        let type: String =
            switch head.content {
            case .sse: "text/event-stream"
            case .ndjson: "application/x-ndjson"
            case .whole: "application/json"
            }
        let turned = translator.response(status: head.status, contentType: type)
        streams = turned.streams
        head.framing = .untilClose
        head.content = !turned.streams ? .whole : turned.contentType.hasPrefix("text/event-stream") ? .sse : .ndjson
        describe(turned, in: head)
    }

    /// Takes payload; gives what it makes for the client.
    func feed(_ bytes: UnsafeRawBufferPointer, elapsed: Duration) -> [UInt8] {
        guard failure == nil else { return [] }
        let piece = translator.feed(Array(bytes), elapsed: elapsed)
        failure = piece.failure
        return piece.bytes
    }

    /// Takes the end; gives the last bytes, or the whole answer.
    func finish(elapsed: Duration) -> [UInt8] {
        guard failure == nil else { return [] }
        let piece = translator.finish(elapsed: elapsed)
        failure = piece.failure
        return piece.bytes
    }

    /// Puts status and type of a whole answer, known only at its end, into `head`.
    func complete(_ head: UpstreamHead) { describe(translator.head, in: head) }

    /// The event that tells a client that its stream cannot go on.
    func abort(_ problem: String, elapsed: Duration) -> ByteBuffer {
        let error = failure ?? TranslationError(kind: .engineFailed, status: 502, message: problem)
        return ByteBuffer(bytes: translator.abort(error, elapsed: elapsed))
    }

    /// An engine's error answer in the client's form.
    func error(_ held: HeldError) -> HeldError {
        let head = UpstreamHead(
            status: held.status, statusText: "", lines: ByteBuffer(), framing: .untilClose, keepAlive: false, content: .whole)
        turn(head)
        let bytes = held.body.withUnsafeReadableBytes { feed($0, elapsed: .zero) } + finish(elapsed: .zero)
        guard failure == nil else { return HeldError(status: held.status, lines: head.lines, body: ByteBuffer()) }
        return HeldError(status: held.status, lines: head.lines, body: ByteBuffer(bytes: bytes))
    }

    /// What the engine counted.
    var counts: TokenCounts {
        var counts = TokenCounts()
        counts.prompt = translator.usage.prompt.map(Int.init(clamping:))
        counts.completion = translator.usage.completion.map(Int.init(clamping:))
        counts.finishReason = translator.finishReason
        return counts
    }

    private func describe(_ turned: TranslatedHead, in head: UpstreamHead) {
        head.status = turned.status
        head.statusText = HeadWriter.statusText(turned.status)
        var lines = ByteBuffer()
        lines.writeHeader("Content-Type", turned.contentType)
        lines.writeHeader("X-Fleet-Translated", "\(translator.engine.rawValue)\(request.path)")
        head.lines = lines
    }
}
