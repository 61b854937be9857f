import FoundationEssentials
import Gossip
public import Outbound

/// Looks at engines once and says in plain words what is wrong with them.
public struct BackendDoctor: Sendable {
    private let client: OutboundClient
    private let parallelism: Parallelism
    private let timeout: Duration

    /// A doctor. `environment` is where `OLLAMA_NUM_PARALLEL` is looked for; nil for this program's.
    public init(
        client: OutboundClient, environment: [String: String]? = nil, timeout: Duration = .seconds(2)
    ) {
        self.client = client
        parallelism = Parallelism(environment: environment ?? ProcessInfo.processInfo.environment)
        self.timeout = timeout
    }

    /// What is found about an engine: at least one finding.
    public func examine(_ spec: BackendSpec) async -> [BackendFinding] {
        let caller = EngineCaller(
            client: client, address: spec.address, access: spec.access, timeout: spec.address.isSecure ? timeout * 4 : timeout)
        var prober = makeProber(spec.kind, engine: spec.id)
        do {
            try await PeerCheck.refusePeer(with: caller)
            return healthy(spec, spec.models.applied(to: try await prober.probe(full: true, with: caller)))
        } catch {
            return [BackendFinding(backend: spec.id, level: .problem, text: error.text, advice: advice(error, spec))]
        }
    }

    private func healthy(_ spec: BackendSpec, _ facts: EngineFacts) -> [BackendFinding] {
        let version = facts.version.isEmpty ? "" : " \(facts.version)"
        let slots = parallelism.slots(spec, engineSays: facts.slots)
        let models = facts.available.count == 1 ? "1 model" : "\(facts.available.count) models"
        var findings = [
            BackendFinding(
                backend: spec.id, level: .ok,
                text: "\(spec.kind.title)\(version) answers at \(spec.address.url) with \(models), \(facts.loaded.count) loaded."),
            BackendFinding(
                backend: spec.id, level: .ok, text: "It takes \(slots.count) at once for each model (\(slots.source)).",
                advice: slots.source.hasPrefix("assumed")
                    ? "If that is wrong, write \(spec.kind.rawValue)=\(spec.address.url),slots=N." : nil),
        ]
        if spec.showsKeyOpenly {
            findings.append(
                BackendFinding(
                    backend: spec.id, level: .warning,
                    text: "Its key travels over plain http: who listens on the way can read it.",
                    advice: "Use https where the engine or a proxy before it can."))
        }
        if facts.available.isEmpty {
            let advice =
                !spec.models.patterns.isEmpty
                ? "Look at models=: nothing there fits a name that it lists."
                : spec.kind == .ollama
                    ? "Get one: ollama pull llama3.2 (or herd-peer pull llama3.2)."
                    : "Load a model there; it serves nothing without one."
            findings.append(BackendFinding(backend: spec.id, level: .warning, text: "It has no models.", advice: advice))
        }
        return findings
    }

    private func advice(_ problem: BackendProblem, _ spec: BackendSpec) -> String? {
        switch problem.cause {
        case .refused: return start(spec)
        case .unreachable:
            return
                "Check the host name, and that \(spec.address.host) is on and in the same network; a firewall may close the port."
        case .timedOut:
            return "The engine hangs or its machine is overloaded. Look at its log, then start it anew. " + start(spec)
        case .loading: return "Wait: it answers when its model is loaded."
        case .broken: return "Look at the engine's log."
        case .unauthorized: return keyAdvice(spec)
        case .certificate:
            return spec.access.certificateFile == nil
                ? "Check the host name and this machine's clock. If an authority of your own signed it, name that authority's "
                    + "certificate: \(spec.kind.rawValue)=\(spec.address.url),ca=/path/to/ca.pem."
                : "Check the host name, this machine's clock, and that \(spec.access.certificateFile ?? "the file") holds the "
                    + "certificate of the authority that signed it: with ca= the system's authorities do not count."
        case .wrongKind, .peer, .forbidden: return nil
        }
    }

    private func keyAdvice(_ spec: BackendSpec) -> String {
        let engine = "\(spec.kind.rawValue)=\(spec.address.url)"
        switch spec.keySource {
        case nil: return "Put its key into a file that only you can read, and write \(engine),key-file=PATH; or use key-env=NAME."
        case .variable(let name): return "Look at the key in the environment variable \(name), then start anew."
        case .file(let path): return "Look at the key in \(path), then start anew."
        case .written: return "Look at its key in FLEET_API_KEYS, then start anew."
        }
    }

    private func start(_ spec: BackendSpec) -> String {
        let there = spec.address.isLocal ? "" : " on \(spec.address.host), open to this machine"
        switch spec.kind {
        case .ollama:
            let host = spec.address.isLocal ? "" : "OLLAMA_HOST=0.0.0.0 "
            return "Is Ollama running? Start it\(there) with: sudo systemctl start ollama, or: \(host)ollama serve."
        case .llamacpp:
            return "Is llama.cpp's server running? Start it\(there) with: llama-server -m MODEL.gguf --port \(spec.address.port)."
        case .vllm: return "Is vLLM running? Start it\(there) with: vllm serve MODEL --port \(spec.address.port)."
        case .lmstudio:
            return "Is LM Studio's server running? Start it\(there) with: lms server start --port \(spec.address.port)."
        case .openai: return "Is the engine running? Start it\(there) so that it listens on port \(spec.address.port)."
        }
    }
}
