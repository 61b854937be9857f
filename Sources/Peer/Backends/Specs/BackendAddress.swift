/// Where an engine listens: plain HTTP, a host and a port.
public struct BackendAddress: Hashable, Sendable {
    /// A host name or an IP address, IPv6 without brackets.
    public var host: String
    /// The TCP port, 1…65535.
    public var port: Int

    /// An address.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `http://host:port`, IPv6 in brackets.
    public var url: String { "http://" + authority }

    /// `host:port`, IPv6 in brackets: the value of `Host`.
    public var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// The engine runs on this machine.
    public var isLocal: Bool { host == "localhost" || host.hasPrefix("127.") || host == "::1" }

    /// Reads `http://host:port`, `host:port` or `host`.
    ///
    /// A URL without a port means port 80, a bare host means `defaultPort`: so Ollama reads `OLLAMA_HOST`. An address that stands
    /// for "all of this machine" (`0.0.0.0`, `::`) means loopback here. A closing `/`, `/v1` or `/api` is cut off.
    public init(_ text: String, defaultPort: Int) throws(BackendSpecError) {
        var rest = text[...]
        while let c = rest.first, c.isWhitespace { rest.removeFirst() }
        while let c = rest.last, c.isWhitespace { rest.removeLast() }
        var port = defaultPort
        if let scheme = rest.firstRange(of: "://") {
            switch rest[..<scheme.lowerBound].lowercased() {
            case "http": port = 80
            case "https": throw .encrypted
            default: throw .unknownScheme(String(rest[..<scheme.lowerBound].prefix(20)))
            }
            rest = rest[scheme.upperBound...]
        }
        while rest.last == "/" { rest.removeLast() }
        if rest.contains("@") { throw .holdsPassword }
        if let slash = rest.firstIndex(where: { $0 == "/" || $0 == "?" || $0 == "#" }) {
            let path = rest[slash...]
            guard path == "/v1" || path == "/api" else { throw .holdsPath(String(path.prefix(60))) }
            rest = rest[..<slash]
        }
        let (host, written) = try Self.split(rest)
        if let written {
            guard written.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(written), (1...65535).contains(number)
            else { throw .badPort(String(written.prefix(20))) }
            port = number
        }
        self.init(host: host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host.lowercased(), port: port)
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
