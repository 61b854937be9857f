import FoundationEssentials
import Gossip

/// The process of an engine on this machine, as far as this user may read its settings (proc(5)).
struct EngineProcess: Sendable {
    /// Put before `/proc`; tests pass a tree of their own.
    var root = ""

    /// Processes that are looked at.
    static let limit = 32_768
    /// The longest command line or environment that is read, bytes.
    static let longest = 256 << 10

    /// How many requests the engine that listens on `port` runs at once, and where that is said; nil where no such process can be
    /// read.
    func slots(_ kind: BackendKind, port: Int) -> SlotFinding? {
        guard kind == .ollama || kind == .vllm else { return nil }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/proc")) ?? []
        for process in names.compactMap({ Int($0) }).sorted().prefix(Self.limit) {
            let words = Self.words(root + "/proc/\(process)/cmdline")
            guard !words.isEmpty else { continue }
            let found = kind == .ollama ? ollama(process, words, port) : Self.vllm(process, words, port)
            if let found { return found }
        }
        return nil
    }

    /// `ollama serve`: its environment says the port and the number, which is 1 when it says nothing.
    private func ollama(_ process: Int, _ words: [String], _ port: Int) -> SlotFinding? {
        guard words.count >= 2, Self.name(words[0]) == "ollama", words.dropFirst().contains("serve") else { return nil }
        let environment = Self.words(root + "/proc/\(process)/environ")
        // Somebody else's, or a kernel that hides it.
        guard !environment.isEmpty else { return nil }
        func value(_ name: String) -> String? {
            environment.last { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
        }
        let host = value("OLLAMA_HOST").flatMap { try? BackendAddress($0, defaultPort: 11_434) }
        guard (host?.port ?? 11_434) == port else { return nil }
        guard let text = value("OLLAMA_NUM_PARALLEL"), let count = Int(text), (1...1_024).contains(count) else {
            return SlotFinding(count: 1, source: "process \(process) has no OLLAMA_NUM_PARALLEL: Ollama's own default")
        }
        return SlotFinding(count: count, source: "OLLAMA_NUM_PARALLEL of process \(process)")
    }

    /// `vllm serve` or its module, with `--max-num-seqs` on the command line.
    private static func vllm(_ process: Int, _ words: [String], _ port: Int) -> SlotFinding? {
        guard words.contains(where: { name($0) == "vllm" || $0.hasPrefix("vllm.entrypoints.") }),
            (number(words, "--port") ?? 8_000) == port, let count = number(words, "--max-num-seqs"), (1...1_024).contains(count)
        else { return nil }
        return SlotFinding(count: count, source: "--max-num-seqs of process \(process)")
    }

    /// `--flag 7` or `--flag=7`.
    private static func number(_ words: [String], _ flag: String) -> Int? {
        if let at = words.lastIndex(of: flag), words.indices.contains(at + 1) { return Int(words[at + 1]) }
        return words.last { $0.hasPrefix(flag + "=") }.flatMap { Int($0.dropFirst(flag.count + 1)) }
    }

    private static func name(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }

    /// What is separated by zero bytes.
    private static func words(_ path: String) -> [String] {
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= longest else { return [] }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
