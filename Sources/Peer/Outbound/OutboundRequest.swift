/// One HTTP request to the outside.
public struct OutboundRequest: Sendable {
    /// `GET`, `POST`, …; upper case letters only.
    public var method: String
    /// An `http` or `https` URL of at most 8 KiB, without name and password in it.
    public var url: String
    /// Header fields in order. Put keys here, never into the URL.
    public var headers: [(name: String, value: String)]
    /// The body; empty for none.
    public var body: [UInt8]
    /// How long the connection may take.
    public var connectTimeout: Duration = .seconds(2)
    /// How long everything may take; nil for no limit.
    public var timeout: Duration? = .seconds(10)
    /// How long the answer may pause, whole seconds; nil for no limit. A reader that does not read does not count.
    public var idleTimeout: Duration?
    /// A file of certificates (PEM) that stand for the server's, in the place of the system's; nil for the system's.
    public var certificateFile: String?
    /// The largest body that `send` takes, bytes. A stream has no such limit.
    public var maximumBytes = 4 << 20

    /// A request.
    public init(_ method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// Scheme, host and port: what errors may say of a URL.
    var place: String {
        guard let scheme = url.firstRange(of: "://") else { return "the URL" }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return url[..<scheme.upperBound].lowercased() + host
    }

    /// Refuses what must not reach libcurl.
    func check() throws(OutboundError) {
        let bytes = url.utf8
        let lower = url.prefix(8).lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else {
            throw .badRequest("the URL must start with http:// or https://")
        }
        guard bytes.count <= 8192 else { throw .badRequest("the URL is longer than 8 KiB") }
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .badRequest("the URL holds blanks, control characters or letters that must be escaped")
        }
        let authority = url.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.isEmpty else { throw .badRequest("the URL names no host") }
        guard !authority.contains("@") else { throw .badRequest("the URL holds a name or password: send it in a header") }
        guard (1...16).contains(method.utf8.count), method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw .badRequest("the method must be a word of upper case letters")
        }
        for header in headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(Self.isTokenByte) else {
                throw .badRequest("a header's name holds a character that is not allowed")
            }
            guard header.value.utf8.allSatisfy({ $0 == 9 || ($0 >= 0x20 && $0 != 0x7F) }) else {
                throw .badRequest("the header \(header.name) holds a control character")
            }
        }
    }

    /// A byte of a header's name (RFC 9110 §5.6.2).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
