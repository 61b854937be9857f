/// Host and Origin checks of the client port, as Ollama does them (api-contracts §3): a web page cannot drive the fleet.
public struct AccessRules: Sendable {
    /// Refuse requests whose `Host` is a foreign name. Ollama does so only when it is bound to loopback.
    public var checksHost = false
    /// Names that `Host` may have besides addresses, `localhost`, and `.localhost`, `.local`, `.internal` names: this machine's
    /// own.
    public var hosts: [String] = []
    /// Refuse requests whose `Origin` matches none of `origins` and is not this very server.
    public var checksOrigin = true
    /// Allowed origins. One `*` in each stands for any text; `*` alone allows all.
    public var origins = AccessRules.defaultOrigins

    /// Ollama's defaults.
    public init() {}

    /// What Ollama allows when nobody configures it.
    public static let defaultOrigins: [String] = {
        var all: [String] = []
        for host in ["localhost", "127.0.0.1", "0.0.0.0"] {
            for scheme in ["http", "https"] {
                all += ["\(scheme)://\(host)", "\(scheme)://\(host):*"]
            }
        }
        return all + ["app://*", "file://*", "tauri://*", "vscode-webview://*", "vscode-file://*"]
    }()

    /// The page at `origin` may call the server that it names `host`.
    func allows(origin: String, host: String?) -> Bool {
        guard checksOrigin else { return true }
        if let host, origin == "http://\(host)" || origin == "https://\(host)" { return true }
        return origins.contains { Self.matches(origin, pattern: $0) }
    }

    /// A request that calls this server `host` may pass.
    func allows(host: String?) -> Bool {
        guard checksHost, let host, !host.isEmpty else { return true }
        let name = Self.withoutPort(host).lowercased()
        if name.hasPrefix("[") { return true }
        if name.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || ($0 >= 48 && $0 <= 57) }) { return true }
        if name == "localhost" || hosts.contains(where: { $0.lowercased() == name }) { return true }
        return [".localhost", ".local", ".internal"].contains { name.hasSuffix($0) }
    }

    /// One `*` in `pattern` stands for any text.
    static func matches(_ text: String, pattern: String) -> Bool {
        guard let star = pattern.utf8.firstIndex(of: UInt8(ascii: "*")) else { return text == pattern }
        let head = pattern[..<star]
        let tail = pattern[pattern.utf8.index(after: star)...]
        return text.utf8.count >= head.utf8.count + tail.utf8.count && text.hasPrefix(head) && text.hasSuffix(tail)
    }

    private static func withoutPort(_ host: String) -> String {
        guard !host.hasPrefix("["), let colon = host.utf8.lastIndex(of: UInt8(ascii: ":")) else { return host }
        return String(host[..<colon])
    }
}
