/// Requests that have something in common, counted. Two of the same ``key`` add up to one, in any order: that is how the shards
/// of a fleet become one answer.
public struct Counted: Sendable, Hashable {
    /// What they have in common; nil where they are not told apart by it.
    public struct Key: Sendable, Hashable, Comparable {
        /// The hour's or the day's begin, seconds since 1970.
        public var bucket: Int?
        /// The node.
        public var node: String?
        /// The model.
        public var model: String?
        /// The tag.
        public var tag: String?

        /// What requests have in common.
        public init(bucket: Int? = nil, node: String? = nil, model: String? = nil, tag: String? = nil) {
            self.bucket = bucket
            self.node = node
            self.model = model
            self.tag = tag
        }

        /// By time, then by names.
        public static func < (a: Key, b: Key) -> Bool {
            (a.bucket ?? .min, a.node ?? "", a.model ?? "", a.tag ?? "") < (
                b.bucket ?? .min, b.node ?? "", b.model ?? "", b.tag ?? ""
            )
        }
    }

    /// What they have in common.
    public var key: Key
    /// Requests, not attempts.
    public var requests = 0
    /// Requests that ended well.
    public var completed = 0
    /// Requests that failed.
    public var failed = 0
    /// Attempts that were tried again elsewhere.
    public var retried = 0
    /// Requests that another model than the one asked for served.
    public var fallbacks = 0
    /// Prompt tokens.
    public var promptTokens = 0
    /// Answer tokens.
    public var completionTokens = 0
    /// Completed requests with a time.
    public var timed = 0
    /// The sum of these times, milliseconds.
    public var latencySum = 0.0
    /// The least of them, milliseconds.
    public var latencyMinimum: Double?
    /// The greatest of them, milliseconds.
    public var latencyMaximum: Double?
    /// Completed requests with a first token.
    public var firstTokens = 0
    /// The sum of the times until then, milliseconds.
    public var firstTokenSum = 0.0
    /// When the first came, seconds since 1970.
    public var firstSeen: Double?
    /// When the last came, seconds since 1970.
    public var lastSeen: Double?

    /// No requests.
    public init(key: Key) { self.key = key }

    /// Adds requests that have the same in common.
    public mutating func add(_ other: Counted) {
        requests &+= other.requests
        completed &+= other.completed
        failed &+= other.failed
        retried &+= other.retried
        fallbacks &+= other.fallbacks
        promptTokens &+= other.promptTokens
        completionTokens &+= other.completionTokens
        timed &+= other.timed
        latencySum += other.latencySum
        firstTokens &+= other.firstTokens
        firstTokenSum += other.firstTokenSum
        latencyMinimum = Self.pick(latencyMinimum, other.latencyMinimum, min)
        latencyMaximum = Self.pick(latencyMaximum, other.latencyMaximum, max)
        firstSeen = Self.pick(firstSeen, other.firstSeen, min)
        lastSeen = Self.pick(lastSeen, other.lastSeen, max)
    }

    private static func pick(_ a: Double?, _ b: Double?, _ choose: (Double, Double) -> Double) -> Double? {
        guard let a, let b else { return a ?? b }
        return choose(a, b)
    }

    /// The mean time of completed requests, milliseconds; nil where none has a time.
    public var latencyMean: Double? { timed > 0 ? latencySum / Double(timed) : nil }

    /// The mean time to the first token, milliseconds; nil where none has one.
    public var firstTokenMean: Double? { firstTokens > 0 ? firstTokenSum / Double(firstTokens) : nil }
}

/// A list of values instead of an object: a shard's answer has thousands of them.
extension Counted: Codable {
    /// Reads the list.
    public init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        func optional<Value: Decodable>(_ type: Value.Type) throws -> Value? {
            try list.decodeNil() ? nil : list.decode(type)
        }
        key = Key(
            bucket: try optional(Int.self), node: try optional(String.self), model: try optional(String.self),
            tag: try optional(String.self))
        requests = try list.decode(Int.self)
        completed = try list.decode(Int.self)
        failed = try list.decode(Int.self)
        retried = try list.decode(Int.self)
        fallbacks = try list.decode(Int.self)
        promptTokens = try list.decode(Int.self)
        completionTokens = try list.decode(Int.self)
        timed = try list.decode(Int.self)
        latencySum = try list.decode(Double.self)
        latencyMinimum = try optional(Double.self)
        latencyMaximum = try optional(Double.self)
        firstTokens = try list.decode(Int.self)
        firstTokenSum = try list.decode(Double.self)
        firstSeen = try optional(Double.self)
        lastSeen = try optional(Double.self)
    }

    /// Writes the list.
    public func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        func put(_ value: (some Encodable)?) throws { if let value { try list.encode(value) } else { try list.encodeNil() } }
        try put(key.bucket)
        try put(key.node)
        try put(key.model)
        try put(key.tag)
        for number in [requests, completed, failed, retried, fallbacks, promptTokens, completionTokens, timed] {
            try list.encode(number)
        }
        try put(latencySum)
        try put(latencyMinimum)
        try put(latencyMaximum)
        try put(firstTokens)
        try put(firstTokenSum)
        try put(firstSeen)
        try put(lastSeen)
    }
}
