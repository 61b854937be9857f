/// What runs and ran on this peer: the counters of the fast lane.
public struct WorkFacts: Sendable {
    /// One node and model as seen from this peer.
    public struct Queue: Sendable {
        /// The node's display name.
        public var node: String
        /// The model.
        public var model: String
        /// Sent there by this peer, not finished.
        public var inFlight = 0
        /// Waiting on this peer for it.
        public var pending = 0
        /// Ended well.
        public var completed: UInt64 = 0
        /// Ended badly.
        public var failed: UInt64 = 0
        /// 75th percentile of the time from accept to end, milliseconds; nil without a sample.
        public var latencyP75Milliseconds: Double?

        /// An empty queue.
        public init(node: String, model: String) {
            self.node = node
            self.model = model
        }
    }

    /// Per node and model, in a fixed order.
    public var queues: [Queue] = []
    /// Requests by what became of them: `accepted`, `completed`, `failed`, `retried`, `client_disconnected`, `rejected`.
    public var requests: [(outcome: String, count: UInt64)] = []
    /// Requests that wait for a slot anywhere.
    public var ticketsWaiting = 0
    /// Requests that run on this machine's engines.
    public var runningHere = 0
    /// Requests that wait for this machine's engines.
    public var waitingHere = 0
    /// Bytes relayed to clients.
    public var bytesRelayed: UInt64 = 0
    /// Requests that were not let in, by reason: `missing`, `unknown`, `scope`, `rate`, `read_only` and the like.
    public var refusedAtGate: [(reason: String, count: UInt64)] = []
    /// Trace rows lost because the writer was behind.
    public var tracesDropped: UInt64 = 0

    /// Trace rows that are in the file.
    public var tracesWritten: UInt64 = 0
    /// Trace rows that wait to be written.
    public var tracesWaiting = 0
    /// Requests that ended, counted into buckets.
    public var figures = RequestFigures()
    /// Spans that a collector took, and those that were lost.
    public var spans: (sent: UInt64, dropped: UInt64) = (0, 0)
    /// Memory of this process that is in RAM, bytes; 0 where the system does not say.
    public var residentBytes: Int64 = 0
    /// Processor time of this process, seconds; 0 where the system does not say.
    public var processorSeconds = 0.0

    /// Nothing.
    public init() {}
}
