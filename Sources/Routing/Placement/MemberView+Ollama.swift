public import Gossip

extension MemberView {
    /// This is its name or its id, long or short.
    public func isNamed(_ name: String) -> Bool { self.name == name || id.hex == name || id.shortHex == name }

    /// Its Ollama, if one answers.
    public var ollama: BackendReport? { models?.backends.first { $0.kind.speaksOllama && $0.reachable } }

    /// An Ollama of it has the model.
    public func hasInOllama(_ model: String) -> Bool {
        let name = ModelKey.canonical(model)
        guard let models else { return false }
        return models.available.contains { available in
            ModelKey.canonical(available.name) == name
                && models.backends.contains { $0.id == available.backend && $0.kind.speaksOllama }
        }
    }
}
