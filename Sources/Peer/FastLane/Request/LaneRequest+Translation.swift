internal import Gossip
internal import NIOCore
internal import Routing
internal import Translation

extension LaneRequest {
    // MARK: An engine that does not speak the client's dialect

    /// Longer bodies are turned on another thread: reading one of 242 KB would hold a loop for milliseconds.
    private static let longBody = 64 << 10

    /// The attempt has its slot: asks the engine or the peer, translation the request first where the engine needs that.
    func ask() {
        planRewrite()
        guard let engine = attempt?.backend, case .translated(let client, let dialect) = engine.speech(for: route) else {
            return connect(fresh: false)
        }
        state = .connecting
        lastActivity = loop.now
        let seconds = Int64(arrivedWall)
        let context = TranslationContext(
            acceptedAtSeconds: seconds, acceptedAtNanoseconds: Int32((arrivedWall - Double(seconds)) * 1e9),
            idSeed: .random(in: 0...UInt64.max), engineModel: engine.models[attempt?.model ?? ""],
            modelThinks: laneState.thinks(attempt?.model ?? ""))
        let translator = Translator(route: client, engine: dialect, context: context)
        let bytes = askedBytes
        guard bytes.count > Self.longBody else {
            let (translator, step) = translator.reading(bytes)
            return asked(translator, step)
        }
        let number = attemptCount
        let back = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let eventLoop = loop.eventLoop
        Task.detached {
            let (translator, step) = translator.reading(bytes)
            eventLoop.execute { back.value.askedLater(translator, step, number) }
        }
    }

    /// The body was read on another thread; the request may be over, or at another attempt.
    private func askedLater(
        _ translator: Translator, _ step: Result<TranslationStep, TranslationError>, _ number: Int
    ) {
        if state == .connecting, attemptCount == number { asked(translator, step) }
    }

    private func asked(_ translator: Translator, _ step: Result<TranslationStep, TranslationError>) {
        switch step {
        case .success(.ask(let request)):
            translation = AttemptTranslation(translator, request)
            connect(fresh: false)
        case .success(.answer(let whole)):
            answer(status: whole.status, body: ByteBuffer(bytes: whole.body), isTarget ? [] : attempt.map(servedHeaders) ?? [])
            endAttempt(.completed(milliseconds: (LaneClock.now - arrived).milliseconds), verdict: "served", reason: "")
            finish(.completed)
        case .failure(let error) where error.kind == .notCarried:
            // Another engine may have what this one has no word for.
            let body = ErrorWriter.json(error.message, status: error.status, dialect: route.dialect)
            if isTarget { return fail(LaneFailure(error.status, error.message), as: .failed) }
            heldError = HeldError(status: error.status, lines: Self.jsonLine, body: body)
            attemptFailed(error.message)
        case .failure(let error):
            var failure = LaneFailure(error.status, error.message)
            failure.isFinal = true
            fail(failure, as: .rejected)
        }
    }

    /// Payload of a translated answer.
    func translatePayload(_ bytes: UnsafeRawBufferPointer) {
        guard let made = translation?.feed(bytes, elapsed: LaneClock.now - arrived), !made.isEmpty else { return }
        take(made)
    }

    private func take(_ made: [UInt8]) {
        made.withUnsafeBytes { watch.feed($0) }
        payloadBytes.writeBytes(made)
    }

    /// Pieces of a translated answer were read: what they made goes to the client, unless nothing came of them yet.
    func translatedBody() {
        if translation?.failure == nil || state == .streaming, translation?.streams == true, payloadBytes.readableBytes > 0 {
            if state == .holding { commit() }
            if state == .streaming, let front { sendPayload(to: front) }
        }
        if let failure = translation?.failure { translationFailed(failure) }
    }

    /// The engine's answer is over: the last bytes, or the whole answer.
    func translatedEnd() {
        let connection = back
        back = nil
        connection?.finish()
        guard let turned = translation else { return }
        let last = turned.finish(elapsed: LaneClock.now - arrived)
        if let failure = turned.failure { return translationFailed(failure) }
        take(last)
        if !turned.streams, let head = upstream {
            turned.complete(head)
            head.framing = .length(payloadBytes.readableBytes)
            relay = .verbatim
        }
        if state == .holding { commit() }
        guard let front else { return }
        if relay == .verbatim {
            send(payloadBytes, to: front)
            payloadBytes = ByteBuffer()
        } else {
            sendPayload(to: front)
            if relay == .encoded { send(ByteBuffer(string: "0\r\n\r\n"), to: front) }
        }
        succeed()
    }

    private func translationFailed(_ failure: TranslationError) {
        lastProblem = "node \(attempt?.node ?? ""): \(failure.message)"
        if state == .streaming { return breakOff(.failed) }
        if failure.kind == .engineFailed {
            let body = ErrorWriter.json(failure.message, status: failure.status, dialect: route.dialect)
            heldError = HeldError(status: failure.status, lines: Self.jsonLine, body: body)
        }
        attemptFailed(failure.message)
    }

    /// `Content-Type` of an error of our own.
    static let jsonLine = ByteBuffer(string: "Content-Type: application/json; charset=utf-8\r\n")

    /// Tokens are counted here: no engine is asked, and no machine chosen.
    func countTokens() {
        let translator = Translator(
            route: .anthropicCountTokens, engine: .openai, context: TranslationContext(acceptedAtSeconds: 0, idSeed: 0))
        switch translator.reading(Array(body.readableBytesView)).1 {
        case .success(.answer(let whole)):
            answer(status: whole.status, body: ByteBuffer(bytes: whole.body), [])
            finish(.completed)
        case .success(.ask): fail(LaneFailure(500, "the tokens could not be counted"), as: .failed)
        case .failure(let error): fail(LaneFailure(error.status, error.message), as: .rejected)
        }
    }

    /// The body with the name of the model that this attempt serves, as one run of bytes.
    private var askedBytes: [UInt8] {
        guard let attempt else { return [] }
        let isOther = ModelKey.canonical(query.model) != attempt.model
        return sentBytes(of: attempt, name: isOther ? attempt.candidate?.servedModel : nil)
    }
}

extension Translator {
    /// Reads a request: what follows, and the translator that knows it.
    fileprivate func reading(_ bytes: [UInt8]) -> (Translator, Result<TranslationStep, TranslationError>) {
        var reader = self
        do throws(TranslationError) {
            let step = try reader.request(bytes)
            return (reader, .success(step))
        } catch {
            return (reader, .failure(error))
        }
    }
}
