/// How much a translation may hold at once. Everything beyond is refused with words, never kept.
public struct TranslationLimits: Sendable, Hashable {
    /// One line of an engine's stream, or one event of several lines, in bytes.
    public var maximumLineBytes = 8 << 20
    /// An answer that comes as a whole, in bytes; embeddings of many texts are the largest.
    public var maximumWholeBytes = 128 << 20
    /// What is kept of one streamed answer because the client's dialect repeats or completes it at the end, in bytes.
    public var maximumKeptBytes = 32 << 20
    /// The arguments of one tool call, in bytes.
    public var maximumArgumentBytes = 4 << 20
    /// Tool calls of one answer.
    public var maximumCalls = 256
    /// Values within values, of a request and of an answer.
    public var maximumNesting = 256
    /// Values of one request or one answer: a value takes up to ten times the memory of its text.
    public var maximumValues = 4_000_000

    /// The usual limits.
    public init() {}
}
