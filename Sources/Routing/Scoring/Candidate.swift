public import Gossip

/// A machine that can serve a request, with all its signals.
public struct Candidate: Sendable, Hashable {
    /// The machine.
    public var peer: PeerID
    /// The model that would serve, by the engine's own name.
    public var servedModel: String
    /// The key of that model.
    public var key: ModelKey
    /// The engine there, by `BackendReport.id`.
    public var backend: String
    /// What that engine is.
    public var backendKind: BackendKind
    /// The scoring terms.
    public var signals: Signals
    /// Their sum.
    public var score: Double
    /// The hot record that was used.
    public var recordVersion: RecordVersion
    /// Its age.
    public var recordAge: Duration
    /// Requests sent there by this peer that the record does not count yet.
    public var ownDelta: Int
    /// The machine has the model in memory.
    public var isLoaded: Bool

    /// It does not have the model in memory and works for it already, so it loads it. Only of engines that say what they have
    /// loaded.
    public var isLoading: Bool {
        !isLoaded && (ownDelta > 0 || signals.queueDepth < 0) && backendKind.listsLoaded
    }

    /// A candidate; its key is worked out where it is not given.
    public init(
        peer: PeerID, servedModel: String, backend: String, backendKind: BackendKind, signals: Signals,
        recordVersion: RecordVersion,
        recordAge: Duration, ownDelta: Int, key: ModelKey? = nil, isLoaded: Bool = false
    ) {
        self.peer = peer
        self.servedModel = servedModel
        self.key = key ?? ModelKey(name: servedModel)
        self.backend = backend
        self.backendKind = backendKind
        self.signals = signals
        score = signals.total
        self.recordVersion = recordVersion
        self.recordAge = recordAge
        self.ownDelta = ownDelta
        self.isLoaded = isLoaded
    }
}

extension BackendKind {
    /// Says which of its models are in memory, so that those which are not have to be loaded.
    public var listsLoaded: Bool { speaksOllama || self == .llamacpp }
}
