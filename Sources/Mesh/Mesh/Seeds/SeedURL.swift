public import Gossip

/// One `--router-url`: a peer to join through (mesh protocol §6.3).
public struct SeedURL: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    public let text: String
    /// Host name or numeric address, without brackets.
    public let host: String
    /// The port that was written: a client port or a mesh port.
    public let port: UInt16?
    /// The address, when the host is one.
    public let address: IPAddress?

    /// Reads `http://host:11435`, `http://host:11445`, `host`, `host:port`, `[v6]`, `[v6]:port` or a bare IPv6 address.
    public init(_ text: String) throws(SeedURLError) {
        let trimmed = text.drop { $0 == " " || $0 == "\t" }
        var rest = trimmed[..<(trimmed.lastIndex { $0 != " " && $0 != "\t" }.map(trimmed.index(after:)) ?? trimmed.startIndex)]
        guard !rest.isEmpty else { throw .empty }
        guard rest.utf8.count <= 300 else { throw .tooLong }
        if let scheme = Self.scheme(of: rest) {
            guard scheme.lowercased() == "http" else { throw .scheme(text, String(scheme)) }
            rest = rest[rest.index(rest.startIndex, offsetBy: scheme.count + 3)...]
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.contains(where: { $0 == "/" || $0 == "?" || $0 == "#" }) else { throw .path(text) }
        guard !rest.contains("@") else { throw .credentials(text) }
        let parts = try Self.split(rest, text)
        guard !parts.host.isEmpty, parts.host.utf8.allSatisfy(Self.allowed) else { throw .host(text) }
        self.text = text
        host = String(parts.host)
        address = AddressText.parse(host)
        if let digits = parts.port {
            guard digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = UInt16(digits), number > 0 else {
                throw .port(text)
            }
            port = number
        } else {
            port = nil
        }
        if parts.mustBeV6 {
            guard address != nil, host.contains(":") else { throw .host(text) }
        }
        if address == nil {
            guard !Self.looksNumeric(host), host.utf8.count <= 253 else { throw .host(text) }
        } else if address?.isUnspecified == true {
            throw .host(text)
        }
    }

    /// The URL as it was written.
    public var description: String { text }

    private static func scheme(of text: Substring) -> Substring? {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
        return text[..<colon]
    }

    private static func split(
        _ text: Substring, _ whole: String
    ) throws(SeedURLError) -> (host: Substring, port: Substring?, mustBeV6: Bool) {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw .host(whole) }
            let host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            if rest.isEmpty { return (host, nil, true) }
            guard rest.hasPrefix(":") else { throw .host(whole) }
            return (host, rest.dropFirst(), true)
        }
        let colons = text.filter { $0 == ":" }.count
        if colons > 1 { return (text, nil, true) }
        guard colons == 1, let colon = text.firstIndex(of: ":") else { return (text, nil, false) }
        return (text[..<colon], text[text.index(after: colon)...], false)
    }

    private static func allowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "%"): true
        default: false
        }
    }

    /// Digits and dots only, and yet no address: a mistyped one, which a resolver might read in surprising ways (`10.1`).
    private static func looksNumeric(_ host: String) -> Bool {
        host.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: ".") } || host.contains("%")
            || host.hasPrefix(".")
    }
}
