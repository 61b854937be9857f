import Gossip
import Outbound

/// Finds out what answers at an address that does not answer as it should.
enum EngineGuess {
    /// The problem of an engine that is not a `kind`.
    static func problem(_ kind: BackendKind, with caller: EngineCaller, detail: String) async -> BackendProblem {
        let url = caller.address.url
        let start = "\(url) answers, but not like \(kind.title): "
        guard let found = await guess(with: caller) else {
            return BackendProblem(.wrongKind, start + detail + ". Check the port, and what listens there.")
        }
        if found == kind { return BackendProblem(.broken, start + detail + ".") }
        return BackendProblem(.wrongKind, start + "it looks like \(found.title). Write \(found.rawValue)=\(url) instead.")
    }

    /// The engine that answers there; nil for none that is known.
    static func guess(with caller: EngineCaller) async -> BackendKind? {
        if let root = try? await caller.get("/") {
            if root.text.hasPrefix("Ollama is running") { return .ollama }
            if isLlama(root.header("Server")) { return .llamacpp }
        }
        if let list = try? await caller.get("/api/v0/models").decoded(OpenAIAnswers.Models.self),
            list.data?.items.contains(where: { $0.state != nil }) == true
        {
            return .lmstudio
        }
        guard let answer = try? await caller.get("/v1/models") else { return nil }
        if isLlama(answer.header("Server")) { return .llamacpp }
        guard let list = answer.decoded(OpenAIAnswers.Models.self), let models = list.data?.items else { return nil }
        switch models.first?.owned_by {
        case "vllm": return .vllm
        case "llamacpp": return .llamacpp
        default: return .openai
        }
    }

    /// `Server: llama.cpp`.
    static func isLlama(_ server: String?) -> Bool { server?.lowercased().contains("llama.cpp") == true }
}

extension BackendKind {
    /// Its name for people.
    var title: String {
        switch self {
        case .ollama: "Ollama"
        case .llamacpp: "llama.cpp's server"
        case .vllm: "vLLM"
        case .lmstudio: "LM Studio"
        case .openai: "an OpenAI-compatible engine"
        }
    }
}
