internal import NIOCore

/// An answer that is kept while it goes to the client. A reference, and nil for all requests that did not ask for it.
final class AnswerKeeping {
    private let cache: AnswerCache
    private let key: AnswerCache.Key
    private var answer: AnswerCache.Answer?
    private var isTooLong = false

    init(_ cache: AnswerCache, _ key: AnswerCache.Key) {
        self.cache = cache
        // What was read from a socket may be a small part of a large piece of memory.
        self.key = key.compact
    }

    /// The answer's head goes out.
    func begin(_ head: UpstreamHead, _ framing: ClientFraming, node: String, model: String) {
        guard head.status == 200, framing != .close, framing != .none else { return }
        answer = AnswerCache.Answer(
            lines: ByteBuffer(bytes: head.lines.readableBytesView), framing: framing, node: node, model: model)
    }

    /// Bytes of its body go out, framing included.
    func add(_ bytes: ByteBuffer) {
        guard answer != nil, !isTooLong else { return }
        answer?.body.writeImmutableBuffer(bytes)
        isTooLong = (answer?.body.readableBytes ?? 0) > AnswerCache.entryLimit
        if isTooLong { answer = nil }
    }

    /// It was whole and well.
    func end() {
        if let answer { cache.keep(answer, for: key) }
    }
}
