/// Where an engine listens: HTTP, plain or encrypted, a host and a port, and a path where a proxy keeps it under one.
public struct BackendAddress: Hashable, Sendable {
    /// A host name or an IP address, IPv6 without brackets.
    public var host: String
    /// The TCP port, 1…65535.
    public var port: Int
    /// It is `https`.
    public var isSecure: Bool
    /// What stands before the engine's routes, such as `/openai`; empty for nothing, no `/` at the end.
    public var path: String
    /// `path` stands in the place of `/v1`, as with `https://box/v1beta/openai`.
    public var replacesVersion = false

    /// An address.
    public init(host: String, port: Int, isSecure: Bool = false, path: String = "") {
        self.host = host
        self.port = port
        self.isSecure = isSecure
        self.path = path
    }

    /// `http://host:port`, IPv6 in brackets, and the path.
    public var url: String { origin + path }

    /// The URL of one of the engine's routes, `/v1/models` for example.
    public func url(for route: String) -> String { origin + target(for: route) }

    /// The request target of one of the engine's routes.
    public func target(for route: String) -> String {
        replacesVersion && route.hasPrefix("/v1/") ? path + route.dropFirst(3) : replacesVersion ? route : path + route
    }

    private var origin: String { (isSecure ? "https://" : "http://") + authority }

    /// `host:port`, IPv6 in brackets: the value of `Host`. The usual port of `https` is left out.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return isSecure && port == 443 ? name : "\(name):\(port)"
    }

    /// The engine runs on this machine.
    public var isLocal: Bool { host == "localhost" || host.hasPrefix("127.") || host == "::1" }

    /// Reads `http://host:port`, `https://host/path`, `host:port` or `host`.
    ///
    /// A URL without a port means port 80 or 443, a bare host means `defaultPort`: so Ollama reads `OLLAMA_HOST`. An address that
    /// stands for "all of this machine" (`0.0.0.0`, `::`) means loopback here. A closing `/`, `/v1` or `/api` is cut off.
    public init(_ text: String, defaultPort: Int) throws(BackendSpecError) {
        var rest = text[...]
        while let c = rest.first, c.isWhitespace { rest.removeFirst() }
        while let c = rest.last, c.isWhitespace { rest.removeLast() }
        var port = defaultPort
        var isSecure = false
        if let scheme = rest.firstRange(of: "://") {
            switch rest[..<scheme.lowerBound].lowercased() {
            case "http": port = 80
            case "https": (port, isSecure) = (443, true)
            default: throw .unknownScheme(String(rest[..<scheme.lowerBound].prefix(20)))
            }
            rest = rest[scheme.upperBound...]
        }
        while rest.last == "/" { rest.removeLast() }
        if rest.contains("@") { throw .holdsPassword }
        var path = ""
        if let slash = rest.firstIndex(where: { $0 == "/" || $0 == "?" || $0 == "#" }) {
            path = try Self.path(rest[slash...])
            rest = rest[..<slash]
        }
        let (host, written) = try Self.split(rest)
        if let written {
            guard written.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(written), (1...65535).contains(number)
            else { throw .badPort(String(written.prefix(20))) }
            port = number
        }
        self.init(
            host: host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host.lowercased(), port: port, isSecure: isSecure,
            path: path)
    }

    /// The path without the engine's own first word. A query could hold a key: it is never taken.
    private static func path(_ text: Substring) throws(BackendSpecError) -> String {
        guard text.utf8.count <= 256, text.utf8.allSatisfy({ isNameByte($0) || $0 == 0x2F || $0 == 0x7E }), !text.contains("//"),
            !text.split(separator: "/").contains(where: { $0 == "." || $0 == ".." })
        else { throw .badPath }
        if text == "/api" { return "" }
        return String(text.hasSuffix("/v1") ? text.dropLast(3) : text)
    }

    private static func split(_ authority: Substring) throws(BackendSpecError) -> (host: String, port: Substring?) {
        let host: Substring
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .badHost(String(authority.prefix(60))) }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let tail = authority[authority.index(after: end)...]
            guard tail.isEmpty || tail.hasPrefix(":"), host.contains(":"),
                host.utf8.allSatisfy({ isHexDigit($0) || $0 == 0x3A || $0 == 0x2E })
            else { throw .badHost(String(authority.prefix(60))) }
            port = tail.isEmpty ? nil : tail.dropFirst()
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { throw .badHost(String(authority.prefix(60))) }
            host = parts.first ?? ""
            port = parts.count == 2 ? parts[1] : nil
            guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(isNameByte) else {
                throw .badHost(String(authority.prefix(60)))
            }
        }
        return (String(host), port)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// Letters, digits, `-`, `.`, `_`.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "-._".utf8.contains(byte)
    }
}
