internal import NIOCore
internal import OrderedCollections
internal import Synchronization

/// Whole answers to requests that asked for that (`"nomyo":{"cache":true}`, nomyo-compat §9), given again to the same request.
///
/// In this peer's memory only, within a bound of bytes, each for a time. The same request means every byte of it: what was asked of
/// whom, by which key.
public final class AnswerCache: Sendable {
    /// What `/api/cache/stats` says.
    public struct Figures: Sendable, Hashable {
        /// Requests that were answered from here.
        public var hits = 0
        /// Requests that were not.
        public var misses = 0
        /// Answers that are kept.
        public var entries = 0
        /// Bytes that they take, with their requests.
        public var bytes = 0
    }

    /// Who asked what.
    struct Key: Hashable, Sendable {
        /// The id of the client's key; empty without keys.
        var client: String
        /// The path, its query included, and what else decides who may answer.
        var target: String
        var body: ByteBuffer

        /// Bytes that it takes.
        var size: Int { client.utf8.count + target.utf8.count + body.readableBytes }

        /// The same in memory of its own.
        var compact: Key { Key(client: client, target: target, body: ByteBuffer(bytes: body.readableBytesView)) }
    }

    /// An answer as it went to the client.
    struct Answer: Sendable {
        /// The engine's lines of the head.
        var lines: ByteBuffer
        var framing: ClientFraming
        /// With its framing.
        var body = ByteBuffer()
        var node: String
        var model: String

        var size: Int { lines.readableBytes + body.readableBytes + node.utf8.count + model.utf8.count }
    }

    /// What one answer takes besides its bytes, about.
    static let overhead = 512
    /// The largest answer that is kept, with its request.
    static let entryLimit = 4 << 20

    private struct Kept {
        var answer: Answer
        var size: Int
        var until: NIODeadline
    }

    private struct State {
        /// The one that was used last stands last.
        var kept = OrderedDictionary<Key, Kept>()
        var figures = Figures()

        mutating func forget(_ old: Kept) {
            figures.entries -= 1
            figures.bytes -= old.size
        }
    }

    private let limit: Int
    private let life: TimeAmount
    private let state = Mutex(State())

    /// An empty cache of at most `limit` bytes, whose answers are given again for `life`.
    public init(bytes limit: Int, life: Duration) {
        self.limit = limit
        self.life = TimeAmount(life)
    }

    /// What it holds and did.
    public var figures: Figures { state.withLock { $0.figures } }

    /// Forgets all answers; what was counted stays.
    public func clear() {
        state.withLock { state in
            state.kept = [:]
            state.figures.entries = 0
            state.figures.bytes = 0
        }
    }

    /// The answer to the very same request, if it is still good.
    func answer(to key: Key, now: NIODeadline = .now()) -> Answer? {
        state.withLock { state -> Answer? in
            guard let kept = state.kept.removeValue(forKey: key) else {
                state.figures.misses += 1
                return nil
            }
            guard now < kept.until else {
                state.forget(kept)
                state.figures.misses += 1
                return nil
            }
            state.kept[key] = kept
            state.figures.hits += 1
            return kept.answer
        }
    }

    /// Keeps an answer in place of the ones that were used longest ago.
    func keep(_ answer: Answer, for key: Key, now: NIODeadline = .now()) {
        let size = key.size + answer.size + Self.overhead
        guard size <= min(limit, Self.entryLimit) else { return }
        state.withLock { state in
            if let old = state.kept.removeValue(forKey: key) { state.forget(old) }
            while state.figures.bytes + size > limit, !state.kept.isEmpty { state.forget(state.kept.removeFirst().value) }
            state.kept[key] = Kept(answer: answer, size: size, until: now + life)
            state.figures.entries += 1
            state.figures.bytes += size
        }
    }
}
