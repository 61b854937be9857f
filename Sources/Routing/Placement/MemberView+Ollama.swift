public import Gossip

extension MemberView {
    /// This is its name or its id, long or short.
    public func isNamed(_ name: String) -> Bool { self.name == name || id.hex == name || id.shortHex == name }

    /// Its Ollama that models may be put into, if one answers.
    public var ollama: BackendReport? { models?.backends.first { $0.keepsModels && $0.reachable } }

    /// An Ollama of it has the model.
    public func hasInOllama(_ model: String) -> Bool {
        let name = ModelKey.canonical(model)
        guard let models else { return false }
        return models.available.contains { available in
            ModelKey.canonical(available.name) == name
                && models.backends.contains { $0.id == available.backend && $0.keepsModels }
        }
    }
}

extension BackendReport {
    /// The fleet may put models into it and delete them: not into what may be somebody else's.
    var keepsModels: Bool { kind.speaksOllama && isOutside != true }
}
