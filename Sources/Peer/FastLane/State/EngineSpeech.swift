internal import Gossip
internal import Translation

/// How an engine of this machine is asked what a client asked.
enum EngineSpeech: Equatable {
    /// With the client's own bytes: it speaks the client's dialect.
    case own
    /// In its own dialect, and its answer is turned back.
    case translated(ClientRoute, EngineDialect)
}

extension LocalBackend {
    /// How this engine is asked on `route`.
    func speech(for route: LaneRoute) -> EngineSpeech {
        // The most common case, decided without looking at names.
        if kind.speaksOllama, route == .chat || route == .generate || route == .embed { return .own }
        guard let translated = ClientRoute(rawValue: route.rawValue) else { return .own }
        let speaksItself =
            switch route {
            case .responses, .messages: kind == .ollama && hasVersion(0, 14)
            case .countTokens, .herdImage: false
            default: kind.speaksOllama
            }
        return speaksItself ? .own : .translated(translated, EngineDialect(rawValue: kind.rawValue) ?? .openai)
    }

    /// It is of this version or a later one. An unknown version is taken for an old one: what it cannot do is then done here.
    private func hasVersion(_ major: Int, _ minor: Int) -> Bool {
        let parts = version.split(separator: ".").prefix(2).map { Int($0.prefix { $0.isNumber }) ?? -1 }
        guard parts.count == 2, parts[0] >= 0, parts[1] >= 0 else { return false }
        return (parts[0], parts[1]) >= (major, minor)
    }
}
