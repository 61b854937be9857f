/// One file of the dashboard, as it is served.
public struct DashboardFile: Sendable, Equatable {
    /// Its name below `/dashboard/assets/`.
    public let name: String
    /// Its media type.
    public let type: String
    /// What is in it.
    public let bytes: [UInt8]
    /// A strong validator with its quotes (RFC 9110 §8.8.3): other bytes, another tag.
    public let entityTag: String

    /// A file; its type follows from its name.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        type = Self.type(of: name)
        entityTag = "\"\(String(Self.digest(of: bytes), radix: 16))-\(bytes.count)\""
    }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }

    /// FNV-1a, 64 bits: tells versions of one file apart, and guards nothing.
    private static func digest(of bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes {
            hash ^= UInt64(byte)
            hash &*= 0x0000_0100_0000_01B3
        }
        return hash
    }
}
