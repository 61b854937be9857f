import Gossip
import Outbound

/// Probes Ollama: `/api/version`, `/api/tags`, `/api/ps`, and `/api/show` once per set of weights.
///
/// What `/api/tags` says a model can do differs from `/api/show`; the latter is right.
struct OllamaProber: EngineProber {
    /// What `/api/show` told of a model.
    struct Shown: Hashable {
        var capabilities: [String]
        var contextLength: Int?
    }

    /// A list with the bytes that it was read from: equal bytes need not be read again.
    private struct List {
        var bytes: [UInt8] = []
        var models: [OllamaAnswers.Model] = []
    }

    /// Models whose details are asked for in one go.
    static let showsPerRound = 8

    private let engine: String
    private var version = ""
    private var tags = List()
    private var running = List()
    private var shown: [String: Shown] = [:]
    private var failedShows: Set<String> = []

    init(engine: String) { self.engine = engine }

    mutating func probe(full: Bool, with caller: EngineCaller) async throws(BackendProblem) -> EngineFacts {
        if full {
            version = try await readVersion(with: caller)
            try await readTags(with: caller)
            failedShows = []
        }
        let answer = try await caller.get("/api/ps")
        switch answer.status {
        // Ollama before 0.1.33 cannot say what it has loaded.
        case 404: running = List()
        default: try await Self.update(&running, from: answer, "/api/ps", with: caller)
        }
        let known = Set(tags.models.map { $0.digest ?? $0.label })
        if !full, running.models.contains(where: { !known.contains($0.digest ?? $0.label) }) { try await readTags(with: caller) }
        return facts()
    }

    mutating func learn(with caller: EngineCaller) async -> EngineFacts? {
        let missing = tags.models.filter { shown[Self.key($0)] == nil && !failedShows.contains(Self.key($0)) }
        guard !missing.isEmpty else { return nil }
        var asked: Set<String> = []
        for model in missing where asked.count < Self.showsPerRound && asked.insert(Self.key(model)).inserted {
            let answer = try? await caller.post("/api/show", ["model": model.label])
            if let show = answer?.decoded(OllamaAnswers.Show.self) {
                shown[Self.key(model)] = Shown(capabilities: Self.short(show.capabilities), contextLength: show.contextLength)
            } else {
                // Asked again with the next full probe.
                failedShows.insert(Self.key(model))
                // No answer at all: first see whether the engine is still there.
                if answer == nil { break }
            }
        }
        return facts()
    }

    private func readVersion(with caller: EngineCaller) async throws(BackendProblem) -> String {
        let answer = try await caller.get("/api/version")
        if let version = answer.decoded(OllamaAnswers.Version.self) { return String(version.version.prefix(64)) }
        if answer.status == 403 {
            throw BackendProblem(
                .forbidden,
                "\(caller.address.url) refuses this machine (403). Ollama answers only to names that it knows: "
                    + "start it with OLLAMA_HOST=0.0.0.0, or run the peer on its machine.")
        }
        throw await EngineGuess.problem(.ollama, with: caller, detail: "GET /api/version gave status \(answer.status)")
    }

    private mutating func readTags(with caller: EngineCaller) async throws(BackendProblem) {
        try await Self.update(&tags, from: try await caller.get("/api/tags"), "/api/tags", with: caller)
        let keys = Set(tags.models.map(Self.key))
        shown = shown.filter { keys.contains($0.key) }
    }

    private static func update(
        _ list: inout List, from answer: OutboundResponse, _ path: String, with caller: EngineCaller
    ) async throws(BackendProblem) {
        if answer.status == 200, answer.body == list.bytes { return }
        guard let decoded = answer.decoded(OllamaAnswers.Models.self) else {
            if answer.status >= 500 {
                throw BackendProblem(.broken, "\(caller.address.url) fails: GET \(path) gave status \(answer.status).")
            }
            throw await EngineGuess.problem(.ollama, with: caller, detail: "GET \(path) gave status \(answer.status)")
        }
        let models = (decoded.models?.items ?? []).filter { (1...512).contains($0.label.utf8.count) }
        list = List(bytes: answer.body, models: models)
    }

    /// What details are kept under: the weights, else the name with its date.
    private static func key(_ model: OllamaAnswers.Model) -> String {
        if let digest = model.digest, !digest.isEmpty { return digest }
        return model.label + " " + (model.modified_at ?? "")
    }

    private func facts() -> EngineFacts {
        var facts = EngineFacts(version: version)
        facts.available = tags.models.map { entry in
            let details = entry.details
            var model = AvailableModel(name: entry.label, backend: engine)
            model.digest = Self.short(entry.digest)
            model.sizeBytes = max(0, entry.size ?? 0)
            model.modifiedAt = Self.short(entry.modified_at)
            model.parentModel = Self.short(details?.parent_model)
            model.format = Self.short(details?.format)
            model.family = Self.short(details?.family)
            model.families = Self.short(details?.families)
            model.parameterSize = Self.short(details?.parameter_size)
            model.quantization = Self.short(details?.quantization_level)
            let shown = shown[Self.key(entry)]
            model.capabilities = shown?.capabilities ?? Self.short(entry.capabilities)
            model.contextLength = shown?.contextLength ?? details?.context_length
            return model
        }
        facts.loaded = running.models.map { entry in
            let size = max(0, entry.size ?? 0)
            return EngineFacts.Loaded(
                model: LoadedModel(
                    name: entry.label, backend: engine, digest: Self.short(entry.digest), sizeBytes: size,
                    vramBytes: min(max(0, entry.size_vram ?? 0), size),
                    contextLength: entry.context_length.flatMap { $0 > 0 ? $0 : nil }),
                expiresAt: entry.expires_at.flatMap(Timestamp.seconds))
        }
        facts.loaded.sort { ($0.model.name, $0.model.digest) < ($1.model.name, $1.model.digest) }
        return facts
    }

    /// Words of an engine, cut to what a report can carry.
    private static func short(_ text: String?) -> String { String((text ?? "").prefix(128)) }
    private static func short(_ list: [String]?) -> [String] { (list ?? []).prefix(16).map { String($0.prefix(64)) } }
}
