/// What a machine's engines have loaded and on disk (mesh protocol §4.1, record `models`): changes rarely, pulled by version.
public struct ModelsReport: Hashable, Sendable, Codable {
    /// The engines.
    public var backends: [BackendReport]
    /// Models in memory.
    public var loaded: [LoadedModel]
    /// Models that can be asked for, loaded or not.
    public var available: [AvailableModel]

    /// A report on all engines of a machine.
    public init(backends: [BackendReport] = [], loaded: [LoadedModel] = [], available: [AvailableModel] = []) {
        self.backends = backends
        self.loaded = loaded
        self.available = available
    }
}
