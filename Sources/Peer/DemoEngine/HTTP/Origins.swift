import FoundationEssentials
import NIOCore

/// Ollama's checks of `Host` and `Origin`.
enum Origins {
    static let allowedMethods = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"
    static let allowedHeaders = """
        Authorization,Content-Type,User-Agent,Accept,X-Requested-With,Openai-Beta,X-Stainless-Arch,X-Stainless-Async,\
        X-Stainless-Custom-Poll-Interval,X-Stainless-Helper-Method,X-Stainless-Lang,X-Stainless-Os,X-Stainless-Package-Version,\
        X-Stainless-Poll-Helper,X-Stainless-Retry-Count,X-Stainless-Runtime,X-Stainless-Runtime-Version,X-Stainless-Timeout
        """

    private static let localSchemes = ["app://", "file://", "tauri://", "vscode-webview://", "vscode-file://"]

    /// Whether a page of this origin may talk to the engine.
    static func isAllowed(_ origin: String) -> Bool {
        if localSchemes.contains(where: origin.hasPrefix) { return true }
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            let host = origin.dropFirst(scheme.count).prefix { $0 != ":" }
            return ["localhost", "127.0.0.1", "0.0.0.0"].contains(String(host))
        }
        return false
    }

    /// Whether an engine on loopback accepts this `Host` header.
    static func isLocalHost(_ header: String) -> Bool {
        var host = Substring(header)
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            host = host[host.index(after: host.startIndex)..<end]
        } else if let colon = host.lastIndex(of: ":"), host.firstIndex(of: ":") == colon {
            host = host[..<colon]
        }
        let name = host.lowercased()
        if name.isEmpty || name == "localhost" || name == ProcessInfo.processInfo.hostName.lowercased() { return true }
        if [".localhost", ".local", ".internal"].contains(where: name.hasSuffix) { return true }
        guard let address = try? SocketAddress(ipAddress: name, port: 0) else { return false }
        return isPrivate(address)
    }

    /// Loopback, unspecified or private.
    private static func isPrivate(_ address: SocketAddress) -> Bool {
        guard let text = address.ipAddress else { return false }
        switch address {
        case .v4:
            let parts = text.split(separator: ".").compactMap { UInt8($0) }
            guard parts.count == 4 else { return false }
            return parts[0] == 127 || parts[0] == 10 || text == "0.0.0.0" || (parts[0] == 192 && parts[1] == 168)
                || (parts[0] == 172 && (16...31).contains(parts[1]))
        case .v6: return text == "::1" || text == "::" || text.hasPrefix("fc") || text.hasPrefix("fd")
        case .unixDomainSocket: return false
        }
    }
}
