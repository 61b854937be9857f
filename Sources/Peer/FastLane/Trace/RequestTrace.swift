public import Gossip
public import Routing

/// One row of the trace of a request: each failed attempt has one, the request's end has exactly one, and the machine that ran it
/// has one of its own. Rows join by request id and attempt (mesh protocol §8.4).
public struct RequestTrace: Sendable {
    /// Which of a request's rows this is.
    public enum Row: String, Sendable, Codable {
        /// An attempt that failed before the first body byte; another followed or the request failed.
        case attempt
        /// The request's end, at the peer that the client talks to.
        case terminal
        /// The work, at the peer that another peer forwarded to.
        case execution
    }

    /// One machine that was tried.
    public struct Try: Sendable, Hashable, Codable {
        /// The machine's id, 32 hex digits.
        public var peer: String
        /// Its name.
        public var node: String
        /// `served`, `busy`, `failed`.
        public var verdict: String
        /// Why, in a few words; empty for `served`.
        public var reason: String
        /// How long the try took, milliseconds.
        public var milliseconds: Double
    }

    /// Which row.
    public var row: Row
    /// The request.
    public var requestID: String
    /// Counted from 1 over the whole request.
    public var attempt = 0
    /// The model that served or would have served.
    public var model = ""
    /// The model as the client asked.
    public var originalModel = ""
    /// The machine's name; empty when none was chosen.
    public var nodeID = ""
    /// The machine; nil when none was chosen.
    public var peer: PeerID?
    /// The engine on it.
    public var backend = ""
    /// What that engine is.
    public var backendKind: BackendKind?
    /// The machine's score.
    public var score: Double?
    /// Its terms.
    public var signals: Signals?
    /// How it ended.
    public var status: TraceStatus
    /// The HTTP status that was or would have been sent.
    public var httpStatus = 0
    /// From the arrival of the head to the end, milliseconds; for an attempt from its start.
    public var latencyMilliseconds = 0.0
    /// From the arrival of the head to the first body byte, milliseconds.
    public var firstTokenMilliseconds: Double?
    /// Prompt tokens by the engine's own count.
    public var promptTokens: Int?
    /// Answer tokens by the engine's own count.
    public var completionTokens: Int?
    /// Failed attempts before this one.
    public var retryCount = 0
    /// The served model is not the one asked for.
    public var fallbackUsed = false
    /// What the engine got in place of what the client sent: `num_ctx=2048>4096`, commas between; empty for nothing.
    public var rewrites = ""
    /// Names of machines that had failed this request.
    public var excludedNodes: [String] = []
    /// The client's address; at an execution row the entry peer's.
    public var clientIP = ""
    /// `openai`, `ollama` or `embed`.
    public var originalFormat = ""
    /// What was asked for, in OpenTelemetry's words (`chat`, `embeddings`, …); empty for what asks no model.
    public var operation = ""
    /// Its span; nil where nobody asks for spans.
    public var context: TraceContext?
    /// The answer came in pieces: its first one says when the first token was there.
    public var isStreamed = false
    /// What went wrong, in words.
    public var errorMessage: String?
    /// When the request came, seconds since 1970.
    public var timestamp = 0.0
    /// The request's tags.
    public var tags: [String] = []
    /// `done_reason` or `finish_reason`.
    public var finishReason: String?
    /// The prompt, estimated.
    public var estimatedTokens = 0
    /// All machines that could serve, best first, with all signals and the age of the record used.
    public var candidates: [Candidate] = []
    /// The others.
    public var eliminated: [(peer: PeerID, reason: Elimination)] = []
    /// Machines tried, in order.
    public var tries: [Try] = []
    /// How long it waited here because all machines were busy, milliseconds.
    public var ticketWaitMilliseconds = 0.0
    /// How long it waited for a slot on the machine that ran it, milliseconds (known where it ran).
    public var slotWaitMilliseconds = 0.0
    /// 0 at the entry peer, 1 at a target.
    public var hop = 0
    /// The entry peer's id, 32 hex digits; empty at the entry itself.
    public var entry = ""
    /// The router that this peer obeyed.
    public var router: RouterView?
    /// Running and waiting requests on this machine when the request was admitted here.
    public var loadAtAdmission: (inFlight: Int, queued: Int)?
    /// Response body bytes relayed, framing included.
    public var bytes = 0

    /// A row.
    init(row: Row, requestID: String, status: TraceStatus) {
        self.row = row
        self.requestID = requestID
        self.status = status
    }
}
