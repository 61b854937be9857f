import FoundationEssentials
import Gossip

/// How many requests an engine runs at once for one model, and where the number comes from.
///
/// Ollama does not say it. The number is looked for where it is set: in the configuration, in the environment of its process, in
/// this program's environment, in the unit of the system service.
struct Parallelism: Sendable {
    /// The environment of this program.
    var environment: [String: String]
    /// Put before the paths of unit files; tests pass a tree of their own.
    var root = ""

    /// The number, 1…1024, and its source in words.
    func slots(_ spec: BackendSpec, engineSays: Int?, process: SlotFinding? = nil) -> (count: Int, source: String) {
        if let count = spec.slotsPerModel { return (min(max(1, count), 1024), "configured") }
        if let count = engineSays { return (min(max(1, count), 1024), "said by the engine") }
        if spec.kind == .openai, spec.address.isSecure { return (32, "assumed: services behind https take many") }
        if let process { return (process.count, process.source) }
        guard spec.kind == .ollama else { return Self.assumed(spec.kind) }
        if let count = Self.number(environment["OLLAMA_NUM_PARALLEL"]) {
            return (count, "OLLAMA_NUM_PARALLEL in this program's environment")
        }
        if spec.address.isLocal, let count = unitFile() {
            return (count, "OLLAMA_NUM_PARALLEL in the system service ollama.service")
        }
        return Self.assumed(.ollama)
    }

    private static func assumed(_ kind: BackendKind) -> (count: Int, source: String) {
        switch kind {
        case .ollama: (1, "assumed: Ollama's own default")
        case .llamacpp: (1, "assumed: the engine does not say")
        case .lmstudio: (1, "assumed: the engine does not say")
        case .vllm: (32, "assumed: vLLM batches requests")
        case .openai: (4, "assumed: the engine does not say")
        }
    }

    /// 1…1024; 0 stood for "automatic" in old versions.
    private static func number(_ text: String?) -> Int? {
        guard let text, let value = Int(text), (1...1024).contains(value) else { return nil }
        return value
    }

    /// The last setting in the unit of the system service and its drop-ins (systemd.unit(5)).
    private func unitFile() -> Int? {
        var found: Int?
        for folder in ["/usr/lib/systemd/system", "/lib/systemd/system", "/etc/systemd/system"] {
            let unit = root + folder + "/ollama.service"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: unit + ".d")) ?? []
            let dropIns = names.filter { $0.hasSuffix(".conf") }.sorted().prefix(64).map { unit + ".d/" + $0 }
            for path in [unit] + dropIns {
                guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= 1 << 20 else { continue }
                found = Self.setting(String(decoding: bytes, as: UTF8.self)) ?? found
            }
        }
        return found
    }

    /// `Environment="OLLAMA_NUM_PARALLEL=4" OTHER=1`.
    static func setting(_ unit: String) -> Int? {
        var found: Int?
        for line in unit.split(separator: "\n") {
            let line = line.drop { $0 == " " || $0 == "\t" }
            guard line.hasPrefix("Environment="), let mark = line.firstRange(of: "OLLAMA_NUM_PARALLEL=") else { continue }
            let value = line[mark.upperBound...].drop { $0 == "\"" || $0 == "'" }.prefix { $0.isASCII && $0.isNumber }
            found = number(String(value)) ?? found
        }
        return found
    }
}
