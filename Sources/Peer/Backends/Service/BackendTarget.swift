public import Gossip
public import Outbound

/// What is needed to call one engine: address, names, and how much it takes at once.
public struct BackendTarget: Hashable, Sendable {
    /// Its name on this machine, as in `BackendReport.id`.
    public var id: String
    /// What it is.
    public var kind: BackendKind
    /// Where it listens.
    public var address: BackendAddress
    /// What it takes to be let in.
    public var access: BackendAccess
    /// It answered the last probe.
    public var reachable: Bool
    /// Requests that it runs at once for one model, 1…1024.
    public var slotsPerModel: Int
    /// Where that number comes from, in words.
    public var slotsSource: String
    /// The same in a word.
    public var slotsOrigin: SlotOrigin { SlotOrigin(source: slotsSource) }
    /// Nobody says the number, and first bytes of the engine's streams are made by a model: requests show how many it runs at once.
    public var mayHaveMoreSlots: Bool { slotsOrigin == .assumed && (kind == .ollama || kind == .llamacpp) }
    /// How many of its slots are busy, by whomever; nil where the engine does not say.
    public var busySlots: Int?
    /// Its version as it says it; empty while unknown.
    public var version: String
    /// Canonical name (`ModelKey.canonical`) → the name that the engine answers to. Empty while it is not reachable.
    public var engineNames: [String: String]

    /// An engine that can be called.
    public init(
        id: String, kind: BackendKind, address: BackendAddress, reachable: Bool, slotsPerModel: Int = 1,
        slotsSource: String = "configured", busySlots: Int? = nil, version: String = "", engineNames: [String: String] = [:],
        access: BackendAccess = BackendAccess()
    ) {
        self.id = id
        self.kind = kind
        self.address = address
        self.reachable = reachable
        self.slotsPerModel = slotsPerModel
        self.slotsSource = slotsSource
        self.busySlots = busySlots
        self.version = version
        self.engineNames = engineNames
        self.access = access
    }

    /// The engine's name of a model, canonical or not; nil where it does not have it.
    public func engineName(of model: String) -> String? { engineNames[ModelKey.canonical(model)] }

    /// The fleet may put models into it and delete them: an Ollama, and not one behind `https`, which may be somebody else's.
    public var keepsModels: Bool { kind.speaksOllama && !address.isSecure }

    /// A request to one of its routes, with what lets it in.
    public func request(_ method: String, _ route: String, json body: [UInt8]) -> OutboundRequest {
        access.request(method, route, at: address, json: body)
    }
}
