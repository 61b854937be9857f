import Testing

@testable import Translation

/// One request of a client, translated there and back with an answer that is given.
struct Exchange {
    var route = ClientRoute.ollamaChat
    var engine = EngineDialect.llamacpp
    var context = TranslationContext(acceptedAtSeconds: 1_735_689_600, acceptedAtNanoseconds: 5, idSeed: 7)
    var limits = TranslationLimits()
    /// What all pieces of the answer come at.
    var elapsed = Duration.milliseconds(250)

    /// One event of SSE.
    struct Event {
        var name: String
        var data: JSON
    }

    /// What came of it.
    struct Outcome: Equatable {
        var head = TranslatedHead(status: 0, contentType: "", streams: false)
        var bytes: [UInt8] = []
        var failure: TranslationError?
        var isComplete = false
        var usage = TokenUsage()
        var finishReason: String?

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var json: JSON { get throws { try JSON.read(bytes) } }
        /// The objects of NDJSON.
        var lines: [JSON] {
            get throws { try text.split(separator: "\n").map { try JSON.read(String($0)) } }
        }
        /// The events of SSE with their names.
        var events: [Event] {
            get throws {
                try text.components("\n\n").filter { !$0.isEmpty }.map { event in
                    let lines = event.split(separator: "\n", maxSplits: 1)
                    try #require(lines.count == 2 && lines[0].hasPrefix("event: ") && lines[1].hasPrefix("data: "))
                    return Event(name: String(lines[0].dropFirst(7)), data: try JSON.read(String(lines[1].dropFirst(6))))
                }
            }
        }
    }

    /// The request for the engine.
    func ask(_ body: [UInt8]) throws -> (path: String, body: JSON, streams: Bool) {
        var translator = Translator(route: route, engine: engine, context: context, limits: limits)
        guard case .ask(let request) = try translator.request(body) else {
            throw TranslationError.badRequest("the request was answered without an engine")
        }
        return (request.path, try JSON.read(request.body), request.streams)
    }

    /// The request for the engine.
    func ask(_ body: String) throws -> (path: String, body: JSON, streams: Bool) { try ask(Array(body.utf8)) }

    /// What a request is told that is answered here.
    func answer(_ body: String) throws -> JSON {
        var translator = Translator(route: route, engine: engine, context: context, limits: limits)
        guard case .answer(let answer) = try translator.request(Array(body.utf8)) else {
            throw TranslationError.badRequest("the request went to the engine")
        }
        return try JSON.read(answer.body)
    }

    /// Why a request is refused.
    func refusal(_ body: String) -> TranslationError? {
        var translator = Translator(route: route, engine: engine, context: context, limits: limits)
        do throws(TranslationError) {
            _ = try translator.request(Array(body.utf8))
            return nil
        } catch {
            return error
        }
    }

    /// The client's answer when the engine's comes in pieces that end at `cuts`.
    func run(_ request: [UInt8], status: Int = 200, contentType: String, answer: [UInt8], cuts: [Int] = []) throws -> Outcome {
        var translator = Translator(route: route, engine: engine, context: context, limits: limits)
        _ = try translator.request(request)
        var outcome = Outcome()
        _ = translator.response(status: status, contentType: contentType)
        var from = 0
        for cut in cuts + [answer.count] {
            let piece = translator.feed(Array(answer[from..<cut]), elapsed: elapsed)
            from = cut
            outcome.bytes += piece.bytes
            outcome.failure = outcome.failure ?? piece.failure
        }
        if outcome.failure == nil {
            let piece = translator.finish(elapsed: elapsed)
            outcome.bytes += piece.bytes
            outcome.failure = piece.failure
        }
        outcome.head = translator.head
        outcome.isComplete = translator.isComplete
        outcome.usage = translator.usage
        outcome.finishReason = translator.finishReason
        return outcome
    }

    /// The client's answer to a recorded one.
    func run(_ request: String, _ golden: Golden, cuts: [Int] = []) throws -> Outcome {
        try run(
            Array(request.utf8), status: golden.status, contentType: golden.contentType, answer: golden.answer, cuts: cuts)
    }

    /// The client's answer to an SSE stream of these chunks and `[DONE]`.
    func run(_ request: String, chunks: [String], done: Bool = true) throws -> Outcome {
        let text = chunks.map { "data: \($0)\n\n" }.joined() + (done ? "data: [DONE]\n\n" : "")
        return try run(Array(request.utf8), contentType: "text/event-stream", answer: Array(text.utf8))
    }

    /// The client's answer to a whole one.
    func run(_ request: String, whole: String, status: Int = 200) throws -> Outcome {
        try run(Array(request.utf8), status: status, contentType: "application/json", answer: Array(whole.utf8))
    }
}

extension String {
    /// The parts between each occurrence of `separator`.
    func components(_ separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
