public import Gossip

/// One model of an engine, and what of it is in memory.
public struct ResidentModel: Hashable, Sendable {
    /// What the engine keeps it in memory by: the digest of its weights, else its name.
    public var runner: String
    /// The context in memory, tokens; nil when it is not loaded, or the engine does not say.
    public var context: Int?
    /// The context that it was trained for, tokens: engines cut larger wishes down to it.
    public var trained: Int?
    /// Two runners of these weights are in memory, with different contexts: nobody knows which one answers.
    public var isAmbiguous = false

    /// A model of which only the runner is known.
    public init(runner: String) { self.runner = runner }

    /// The models of this machine's Ollamas by engine and canonical name.
    ///
    /// What is in memory is found by digest: after a model was made anew under its old name, the old weights stay in memory under
    /// that name, and a request for it does not reach them.
    public static func all(in report: ModelsReport) -> [Key: ResidentModel] {
        var all: [Key: ResidentModel] = [:]
        for backend in report.backends where backend.kind.speaksOllama {
            let loaded = report.loaded.filter { $0.backend == backend.id }
            for model in report.available where model.backend == backend.id {
                let name = ModelKey.canonical(model.name)
                let contexts = loaded.filter { runs($0, model, name) }.compactMap(\.contextLength).filter { $0 > 0 }
                var resident = ResidentModel(runner: model.digest.isEmpty ? name : model.digest)
                resident.context = contexts.first
                resident.isAmbiguous = contexts.contains { $0 != contexts.first }
                resident.trained = model.contextLength.flatMap { $0 > 0 ? $0 : nil }
                all[Key(backend: backend.id, model: name)] = resident
            }
        }
        return all
    }

    private static func runs(_ loaded: LoadedModel, _ model: AvailableModel, _ name: String) -> Bool {
        guard loaded.digest.isEmpty || model.digest.isEmpty else { return loaded.digest == model.digest }
        return ModelKey.canonical(loaded.name) == name
    }

    /// Which model of which engine.
    public struct Key: Hashable, Sendable {
        /// The engine, by `BackendReport.id`.
        public var backend: String
        /// The model by its canonical name.
        public var model: String

        /// A key.
        public init(backend: String, model: String) {
            self.backend = backend
            self.model = model
        }
    }
}
