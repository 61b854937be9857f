public import Routing

/// What the lane has done since the start: for `/metrics` and `/fleet/queue`.
public struct LaneCounters: Sendable, Equatable {
    /// One machine's figures for one model, as this peer sent them there.
    public struct NodeModel: Sendable, Equatable {
        /// The machine's name.
        public var node: String
        /// The model, canonical.
        public var model: String
        /// Requests that wait, at this peer or in the machine's own queue as far as this peer knows.
        public var pending = 0
        /// Requests under way.
        public var inFlight = 0
        /// Requests that ended well.
        public var completed = 0
        /// Attempts that failed there.
        public var failed = 0
        /// What the last ones that ended well took there, without the waiting here.
        public var service = ServiceTimes()
        /// Whole times of those that ended well, from their arrival, milliseconds, added up.
        public var latencySum = 0.0
        /// Their prompts, tokens, added up.
        public var promptTokens = 0
        /// Their answers, tokens, added up.
        public var completionTokens = 0
    }

    /// Inference requests taken from clients.
    public var accepted = 0
    /// Requests taken from other peers.
    public var forwardedHere = 0
    /// Ended well.
    public var completed = 0
    /// Ended with a failure, incomplete ones included.
    public var failed = 0
    /// Refused before any machine was tried: bad requests, unknown models, full queue.
    public var rejected = 0
    /// Attempts that failed and were followed by another.
    public var retried = 0
    /// Left by their client.
    public var clientDisconnected = 0
    /// Ended because this machine's engine sent nothing for too long.
    public var reaped = 0
    /// Busy answers seen as entry.
    public var busy = 0
    /// Busy answers given as target.
    public var busyGiven = 0
    /// Requests that had to wait because all machines were busy, ever.
    public var waited = 0
    /// Requests that wait for that now.
    public var waiting = 0
    /// Requests that this peer has in hand now.
    public var active = 0
    /// Request body bytes taken.
    public var bytesIn = 0
    /// Response body bytes relayed.
    public var bytesOut = 0
    /// Peer links that ended before their TLS handshake was complete: no TLS, no or a wrong certificate, too slow.
    public var handshakesFailed = 0
    /// Peer links closed at once because too many handshakes were under way.
    public var handshakesCrowded = 0
    /// Requests to the mesh port without a token of this fleet.
    public var strangersRefused = 0
    /// Per machine and model, sorted by both.
    public var models: [NodeModel] = []
}
