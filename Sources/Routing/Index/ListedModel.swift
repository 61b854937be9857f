import Gossip

/// A model as one engine of a machine lists it, with what memory says of it.
struct ListedModel {
    var key: ModelKey
    var name: String
    var backend: BackendReport
    var abilities: Abilities
    /// Weights, bytes; 0 for unknown.
    var reportedBytes: Double
    /// Parameters as people write them; empty for unknown.
    var parameterSize: String
    var loaded: Bool
    /// Context in memory, tokens; 0 for unknown or not loaded.
    var context: Int
    /// The context that it was trained for, tokens; 0 for unknown.
    var trained: Int

    /// All models of a report; models of engines that it does not name are left out.
    static func all(in report: ModelsReport?) -> [ListedModel] {
        guard let report else { return [] }
        let inMemory = report.loaded.map { (model: $0, key: ModelKey(name: $0.name)) }
        var listed: [ListedModel] = []
        listed.reserveCapacity(report.available.count)
        for model in report.available {
            guard let backend = report.backends.first(where: { $0.id == model.backend }) else { continue }
            let key = ModelKey(name: model.name)
            // One runner serves every tag of the same weights, and an engine lists only the tag that loaded it first.
            let match =
                inMemory.first { $0.model.backend == backend.id && $0.key == key }
                ?? inMemory.first { !model.digest.isEmpty && $0.model.backend == backend.id && $0.model.digest == model.digest }
            let saysWhatIsLoaded = inMemory.contains { $0.model.backend == backend.id }
            listed.append(
                ListedModel(
                    key: key, name: model.name, backend: backend, abilities: Abilities(model.capabilities, of: backend),
                    reportedBytes: Double(max(0, model.sizeBytes > 0 ? model.sizeBytes : match?.model.sizeBytes ?? 0)),
                    parameterSize: model.parameterSize,
                    loaded: match != nil || (backend.kind.listsWhatIsLoaded && !saysWhatIsLoaded),
                    context: max(
                        0, match?.model.contextLength ?? (backend.kind.listsWhatIsLoaded ? model.contextLength ?? 0 : 0)),
                    trained: max(0, model.contextLength ?? 0)))
        }
        for (model, key) in inMemory where !listed.contains(where: { $0.key == key && $0.backend.id == model.backend }) {
            guard let backend = report.backends.first(where: { $0.id == model.backend }) else { continue }
            listed.append(
                ListedModel(
                    key: key, name: model.name, backend: backend, abilities: Abilities([], of: backend),
                    reportedBytes: Double(max(0, model.sizeBytes)), parameterSize: "", loaded: true,
                    context: max(0, model.contextLength ?? 0), trained: 0))
        }
        return listed
    }
}

extension BackendKind {
    /// A model that such an engine lists is in its memory, unless it says otherwise.
    var listsWhatIsLoaded: Bool {
        switch self {
        case .llamacpp, .vllm, .openai: true
        case .ollama, .lmstudio: false
        }
    }

    /// Such an engine drops an idle model to make room for another.
    var evictsIdleModels: Bool { !listsWhatIsLoaded }
}
