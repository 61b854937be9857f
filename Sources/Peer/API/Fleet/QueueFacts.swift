/// The fleet's queues as the routes ask for them.
public struct QueueFacts: Sendable {
    /// What other peers said.
    public struct Others: Sendable {
        /// Those who answered.
        public var shares: [QueueShare] = []
        /// Names of reachable peers that did not: their figures come from the gossip.
        public var silent: [String] = []

        /// Nobody.
        public init() {}
    }

    /// This peer's own part, at the moment of asking.
    public var own: @Sendable () -> QueueShare = { QueueShare(node: "") }
    /// The others' parts, at most half a second old.
    public var others: @Sendable () async -> Others = { Others() }
    /// How many tries a request has besides the first.
    public var maxRetries: @Sendable () -> Int = { 2 }

    /// Nothing waits.
    public init() {}
}
