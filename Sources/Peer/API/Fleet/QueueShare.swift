/// One peer's part of the fleet's queues: what runs on its own engines, what waits in its own line, and what it sent where.
public struct QueueShare: Codable, Sendable {
    /// A model of this machine's own engines.
    public struct Running: Codable, Sendable {
        /// The model, canonical.
        public var model: String
        /// Requests that run.
        public var inFlight: Int
        /// Requests that wait for a slot here.
        public var queued: Int

        /// What runs.
        public init(model: String, inFlight: Int, queued: Int) {
            self.model = model
            self.inFlight = inFlight
            self.queued = queued
        }
    }

    /// A machine and model as this peer sent requests there.
    public struct Sent: Codable, Sendable {
        /// The machine.
        public var node: String
        /// The model, canonical.
        public var model: String
        /// Sent there, not finished.
        public var inFlight = 0
        /// In this peer's line, with that machine as the best.
        public var pending = 0
        /// Ended well.
        public var completed = 0
        /// Attempts that failed.
        public var failed = 0
        /// Of those that ended well: from arrival to end, milliseconds, added up.
        public var latencySum = 0.0
        /// Of those that ended well: tokens of prompts, added up.
        public var promptTokens = 0
        /// Of those that ended well: tokens of answers, added up.
        public var completionTokens = 0
        /// 75th percentile of what serving took, milliseconds; nil without a measurement.
        public var serviceP75: Double?

        /// Nothing sent.
        public init(node: String, model: String) {
            self.node = node
            self.model = model
        }
    }

    /// A request that waits at this peer.
    public struct Waiting: Codable, Sendable {
        /// Its id, as `X-Herd-Request-Id` says it.
        public var request_id: String
        /// The peer that its client talks to, or for `slot` the machine whose slot it waits for.
        public var at: String
        /// The model that would serve it.
        public var model: String
        /// The machine that is best for it; empty for none.
        public var node_id: String
        /// `interactive`, `normal` or `batch`.
        public var `class`: String
        /// `busy`, `loading`, `unavailable` or `slot`.
        public var reason: String
        /// Among those who wait there for the same, counted from 1.
        public var position: Int
        /// How long it has waited.
        public var waited_ms: Int64
        /// Until it runs, by measured runtimes; nil while none is known.
        public var estimated_wait_ms: Double?
        /// Until it gives up; nil where its entry peer decides that.
        public var gives_up_in_ms: Int64?

        /// A request that waits.
        public init(
            request_id: String, at: String, model: String, node_id: String, class priority: String, reason: String, position: Int,
            waited_ms: Int64, estimated_wait_ms: Double?, gives_up_in_ms: Int64?
        ) {
            self.request_id = request_id
            self.at = at
            self.model = model
            self.node_id = node_id
            self.class = priority
            self.reason = reason
            self.position = position
            self.waited_ms = waited_ms
            self.estimated_wait_ms = estimated_wait_ms
            self.gives_up_in_ms = gives_up_in_ms
        }

        /// With `null` for what is not known.
        public func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(request_id, forKey: .request_id)
            try fields.encode(at, forKey: .at)
            try fields.encode(model, forKey: .model)
            try fields.encode(node_id, forKey: .node_id)
            try fields.encode(`class`, forKey: .class)
            try fields.encode(reason, forKey: .reason)
            try fields.encode(position, forKey: .position)
            try fields.encode(waited_ms, forKey: .waited_ms)
            try fields.encode(estimated_wait_ms, forKey: .estimated_wait_ms)
            try fields.encode(gives_up_in_ms, forKey: .gives_up_in_ms)
        }
    }

    /// Waiting requests that one peer tells of.
    public static let waitingLimit = 256
    /// The longest share that is read, bytes.
    public static let maximumBytes = 2 << 20

    /// The peer.
    public var node: String
    /// Its engines.
    public var running: [Running] = []
    /// Where it sent requests.
    public var sent: [Sent] = []
    /// Requests that wait at it: at most `waitingLimit`, the first ones of each model.
    public var waiting: [Waiting] = []
    /// How many wait at it in all, in line and for slots.
    public var waitingCount = 0
    /// Requests that it refused before any machine was tried.
    public var rejected = 0

    /// An idle peer's.
    public init(node: String) { self.node = node }
}
