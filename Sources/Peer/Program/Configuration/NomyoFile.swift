import Backends
import Foundation

/// NOMYO Router's configuration file, as far as it names engines: who comes from there keeps it.
struct NomyoFile {
    /// The engines as `--backend` names them.
    private(set) var backends: [String] = []
    /// Where their keys are kept, by URL.
    private(set) var keys: [String: BackendKeySource] = [:]
    /// What somebody should know of it, a sentence each.
    private(set) var warnings: [String] = []

    /// Reads a file.
    init(path: String) throws(ConfigurationProblem) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Self.problem("the file '\(path)' cannot be read")
        }
        do throws(PlainYAML.Problem) {
            try self.init(PlainYAML(String(decoding: data, as: UTF8.self)))
        } catch {
            throw Self.problem("'\(path)', line \(error.line): \(error.reason)")
        }
        let mode = (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int ?? 0
        if keys.values.contains(where: { if case .written = $0 { true } else { false } }), mode & 0o007 != 0 {
            warnings.append("Every user of this machine can read the keys in \(path): chmod 600 \(path), or write ${NAME} there")
        }
    }

    /// Takes what it holds of engines.
    init(_ yaml: PlainYAML) throws(PlainYAML.Problem) {
        let urls = try Self.list(yaml, "endpoints") ?? ["http://localhost:11434"]
        let llama = try Self.list(yaml, "llama_server_endpoints") ?? []
        let slots = Self.text(yaml, "max_concurrent_connections").flatMap(Int.init).flatMap { (1...1024).contains($0) ? $0 : nil }
        let known = Set((urls + llama).map(Self.plain))
        for url in llama { add("llamacpp", url, slots) }
        for url in urls where !llama.map(Self.plain).contains(Self.plain(url)) {
            let bare = Self.plain(url)
            let isOllama = !bare.contains("/v1") || bare.contains(":11434")
            // The same engine's other face.
            if bare.hasSuffix("/v1"), known.contains(String(bare.dropLast(3))) { continue }
            add(isOllama ? "ollama" : "openai", url, slots)
        }
        if case .map(let map)? = yaml.values["api_keys"] {
            for (url, text) in map where known.contains(Self.plain(url)) && !text.isEmpty {
                keys[url] = BackendKeySource(reference: text) ?? BackendKey(text).map(BackendKeySource.written)
            }
        }
        let routerKeys = yaml.values.keys.filter {
            ["nomyo-router-api-key", "nomyo_router_api_key", "router_api_key", "router-api-key"].contains($0.lowercased())
        }
        if routerKeys.contains(where: { Self.text(yaml, $0)?.isEmpty == false }) {
            warnings.append(
                "The router's own key is not taken over: until `herd-peer keys add` makes one, whoever reaches the port may use "
                    + "the fleet")
        }
    }

    private mutating func add(_ kind: String, _ url: String, _ slots: Int?) {
        backends.append("\(kind)=\(url)" + (slots.map { ",slots=\($0)" } ?? ""))
    }

    private static func plain(_ url: String) -> String {
        var rest = url[...]
        while rest.last == "/" { rest.removeLast() }
        return rest.lowercased()
    }

    private static func list(_ yaml: PlainYAML, _ key: String) throws(PlainYAML.Problem) -> [String]? {
        switch yaml.values[key] {
        case .list(let list): return list.filter { !$0.isEmpty }
        case nil: return nil
        default: throw PlainYAML.Problem(line: 1, reason: "\(key) must be a list of URLs")
        }
    }

    private static func text(_ yaml: PlainYAML, _ key: String) -> String? {
        if case .scalar(let text)? = yaml.values[key] { text } else { nil }
    }

    private static func problem(_ reason: String) -> ConfigurationProblem {
        ConfigurationProblem(setting: Setting.nomyoConfig.displayName, reason: reason)
    }
}
