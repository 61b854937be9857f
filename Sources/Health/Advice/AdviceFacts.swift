/// What recommendations are made of.
public struct AdviceFacts: Sendable {
    /// A node that can take models.
    public struct Node: Sendable {
        /// A model on its disk.
        public struct Model: Hashable, Sendable {
            /// Its canonical name.
            public var name: String
            /// Its weights, GB.
            public var gigabytes: Double
            /// What its engine says that it can do.
            public var capabilities: [String]
            /// It is in memory.
            public var isLoaded: Bool

            /// A model.
            public init(_ name: String, gigabytes: Double, capabilities: [String] = [], isLoaded: Bool = false) {
                self.name = name
                self.gigabytes = gigabytes
                self.capabilities = capabilities
                self.isLoaded = isLoaded
            }
        }

        /// Its name.
        public var name: String
        /// Its memory, GB.
        public var memoryGigabytes: Double
        /// Models on its disk.
        public var models: [Model]
        /// Its disk's size, GB; nil while unknown.
        public var diskTotalGigabytes: Double?
        /// What is free of it, GB; nil while unknown.
        public var diskFreeGigabytes: Double?

        /// A node.
        public init(_ name: String, memoryGigabytes: Double, models: [Model] = []) {
            self.name = name
            self.memoryGigabytes = memoryGigabytes
            self.models = models
        }
    }

    /// The nodes in reach that have an engine which pulls models.
    public var nodes: [Node] = []
    /// Requests of the last 24 hours by canonical model name.
    public var requests: [String: Int] = [:]

    /// Nothing known.
    public init() {}
}
