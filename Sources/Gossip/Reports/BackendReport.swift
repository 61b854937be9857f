/// One engine of a machine as its peer reports it.
public struct BackendReport: Hashable, Sendable, Codable {
    /// Its name on that machine, unique there: `ollama`, `llamacpp-2`.
    public var id: String
    /// What it is.
    public var kind: BackendKind
    /// Its version as it says it; empty while unknown.
    public var version: String
    /// It answered the last probe.
    public var reachable: Bool
    /// Requests that it runs at once for one model.
    public var slotsPerModel: Int
    /// Why it is not reachable, in words; nil while it is.
    public var problem: String?
    /// It is reached over `https`, so that it may be others' own and cost money: it serves whoever asks for one of its models by
    /// name, and stands in for nothing. Nil for no.
    public var isOutside: Bool?
    /// Where the number of slots comes from: `learnt`, `configured` or `assumed`; nil from peers that do not say it.
    public var slotsSource: String?
    /// Models of which it showed that it runs more at once than is assumed; nil for none.
    public var raised: [RaisedSlots]?

    /// A report on one engine.
    public init(
        id: String, kind: BackendKind, version: String = "", reachable: Bool, slotsPerModel: Int = 1, problem: String? = nil,
        isOutside: Bool? = nil, slotsSource: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.version = version
        self.reachable = reachable
        self.slotsPerModel = slotsPerModel
        self.problem = problem
        self.isOutside = isOutside
        self.slotsSource = slotsSource
    }

    /// Requests of a model that it runs at once: as it showed, else as for all its models. 0…1024, whatever was reported.
    public func slots(of model: ModelKey) -> Int {
        min(1024, max(0, raised?.first { $0.model == model }?.slots ?? slotsPerModel))
    }
}
