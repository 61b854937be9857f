public import Gossip

/// What runs and waits on a machine.
public struct SlotLoad: Hashable, Sendable {
    /// All running requests.
    public var inFlight = 0
    /// All waiting requests.
    public var queued = 0
    /// Per engine and model, sorted.
    public var models: [ModelLoad] = []

    /// Nothing.
    public init() {}

    /// One engine's model.
    public struct ModelLoad: Hashable, Sendable {
        /// The engine.
        public var backend: String
        /// The model.
        public var model: ModelKey
        /// Its running requests.
        public var inFlight: Int
        /// Its waiting requests.
        public var queued: Int

        /// A load.
        public init(backend: String, model: ModelKey, inFlight: Int, queued: Int) {
            self.backend = backend
            self.model = model
            self.inFlight = inFlight
            self.queued = queued
        }
    }
}
