/// Draining as the routes tell of it and order it.
public struct DrainFacts: Sendable {
    /// A node that shall take no new work.
    public struct Drained: Sendable, Encodable, Equatable {
        /// Its name, or as much of its id as is known where it is not in sight.
        public var node_id: String
        /// The peer where the order was given.
        public var by: String
        /// When, seconds since 1970.
        public var since: Int64
        /// Its own word: it takes nothing new. False while it has not heard of the order.
        public var draining: Bool
        /// Requests that run there.
        public var in_flight: Int
        /// Requests that wait there.
        public var queued: Int

        /// A drained node.
        public init(node_id: String, by: String, since: Int64, draining: Bool, in_flight: Int, queued: Int) {
            self.node_id = node_id
            self.by = by
            self.since = since
            self.draining = draining
            self.in_flight = in_flight
            self.queued = queued
        }
    }

    /// All drained nodes, by name.
    public var list: @Sendable () -> [Drained] = { [] }
    /// Drains a node, this one without a name, or ends that.
    public var order: @Sendable (_ node: String?, _ drained: Bool) async -> DrainOutcome = { _, _ in
        .refused("this peer keeps no settings")
    }

    /// Nobody is drained.
    public init() {}
}
