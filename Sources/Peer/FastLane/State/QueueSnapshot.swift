public import Routing

/// What waits and runs at this peer, exact at the moment of asking.
public struct QueueSnapshot: Sendable {
    /// A request that waits.
    public struct Waiting: Sendable, Hashable {
        /// Its id.
        public var request: String
        /// The model that would serve it, canonical.
        public var model: String
        /// The machine that is best for it, or whose slot it waits for; empty where none can serve it.
        public var node: String
        /// Why it waits.
        public var reason: QueueReason
        /// How urgent it is.
        public var priority: RequestPriority
        /// Among those who wait here for the same, counted from 1.
        public var position: Int
        /// How long it has waited, milliseconds.
        public var waitedMilliseconds: Int64
        /// Until it runs, milliseconds, as measured runtimes promise; nil while none is known.
        public var estimatedMilliseconds: Double?
        /// Until it gives up, milliseconds; nil where another peer decides that.
        public var patienceMilliseconds: Int64?
    }

    /// All who wait, those for slots of this machine first; per model in the order of their turns.
    public var waiting: [Waiting] = []
    /// What runs and waits on this machine's own engines.
    public var load = SlotLoad()
    /// The figures of machines and models as this peer sent requests there.
    public var models: [LaneCounters.NodeModel] = []
    /// Requests refused before any machine was tried.
    public var rejected = 0

    /// Nothing.
    public init() {}
}
