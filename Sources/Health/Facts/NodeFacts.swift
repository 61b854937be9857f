/// One node as the asked peer sees it.
public struct NodeFacts: Sendable {
    /// ollama-herd's three words.
    public enum Status: String, Hashable, Sendable {
        case online
        case degraded
        case offline
    }

    /// How short of memory it is.
    public enum Pressure: String, Hashable, Sendable {
        case normal
        case warn
        case critical
    }

    /// A model in memory.
    public struct Resident: Hashable, Sendable {
        /// Its canonical name.
        public var model: String
        /// The engine's digest of the weights; empty where it has none.
        public var digest: String
        /// Memory that it takes, GB.
        public var gigabytes: Double
        /// Its weights on disk, GB; nil where the engine does not say.
        public var weightsGigabytes: Double?
        /// Its context, tokens; nil where the engine does not say.
        public var context: Int?

        /// A model in memory.
        public init(_ model: String, digest: String = "", gigabytes: Double = 0, weights: Double? = nil, context: Int? = nil) {
            self.model = model
            self.digest = digest
            self.gigabytes = gigabytes
            weightsGigabytes = weights
            self.context = context
        }
    }

    /// A model on disk.
    public struct Stored: Hashable, Sendable {
        /// Its canonical name.
        public var model: String
        /// Its weights, GB.
        public var gigabytes: Double
        /// It can hold a conversation: not an embedding model alone.
        public var chats: Bool

        /// A model on disk.
        public init(_ model: String, gigabytes: Double = 0, chats: Bool = true) {
            self.model = model
            self.gigabytes = gigabytes
            self.chats = chats
        }
    }

    /// An engine.
    public struct Engine: Hashable, Sendable {
        /// Its name on that machine.
        public var id: String
        /// It answered the last probe.
        public var isReachable: Bool
        /// Why not.
        public var problem: String?

        /// An engine.
        public init(_ id: String, isReachable: Bool, problem: String? = nil) {
            self.id = id
            self.isReachable = isReachable
            self.problem = problem
        }
    }

    /// Its name.
    public var name: String
    /// How it stands.
    public var status: Status
    /// It announced that its machine sleeps.
    public var isAsleep = false
    /// It is the asked peer.
    public var isSelf = false
    /// Since it was last heard, seconds; nil for the asked peer and for one never heard.
    public var silenceSeconds: Double?
    /// Its program's version; empty while unknown.
    public var version = ""
    /// Lowest and highest version of the mesh protocol that it speaks; nil while unknown.
    public var protocols: ClosedRange<Int>?
    /// Its datagrams travel inside peer links, because UDP does not reach it.
    public var isUDPBlocked = false
    /// Memory, GB.
    public var totalGigabytes = 0.0
    /// Memory that new work can have, GB.
    public var availableGigabytes = 0.0
    /// How short of memory it is.
    public var pressure = Pressure.normal
    /// Its engines.
    public var engines: [Engine] = []
    /// Models in memory.
    public var resident: [Resident] = []
    /// Models on disk.
    public var stored: [Stored] = []

    /// A node of which only this is known.
    public init(_ name: String, _ status: Status = .online) {
        self.name = name
        self.status = status
    }
}
