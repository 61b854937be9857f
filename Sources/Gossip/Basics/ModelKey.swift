/// A 64-bit hash (FNV-1a) of a canonical model name: how gossip names a model (mesh protocol §4.2.2).
public struct ModelKey: Hashable, Comparable, Sendable {
    /// The hash.
    public let rawValue: UInt64

    /// A key as it came off the wire.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The key of a model name, canonical or not.
    public init(name: String) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var canonical = Self.canonical(name)
        canonical.withUTF8 { utf8 in
            for byte in utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
        rawValue = hash
    }

    /// Orders by value.
    public static func < (a: ModelKey, b: ModelKey) -> Bool { a.rawValue < b.rawValue }

    /// The name as models are compared: lower case, with `:latest` where no tag was written.
    ///
    /// A tag is what follows a colon after the last slash, so a registry port is not taken for one.
    public static func canonical(_ name: String) -> String {
        // Most names are as they are compared already.
        var hasTag = false
        var isPlain = true
        var copy = name
        copy.withUTF8 { utf8 in
            for byte in utf8 {
                if byte == UInt8(ascii: ":") { hasTag = true } else if byte == UInt8(ascii: "/") { hasTag = false }
                if byte >= 0x80 || (byte >= 65 && byte <= 90) { isPlain = false }
            }
        }
        if isPlain { return hasTag ? name : name + ":latest" }
        let lower = name.lowercased()
        let tail = lower.utf8.lastIndex(of: UInt8(ascii: "/")).map { lower[lower.index(after: $0)...] } ?? lower[...]
        return tail.utf8.contains(UInt8(ascii: ":")) ? lower : lower + ":latest"
    }
}

extension ModelKey: Codable {
    /// Reads the number.
    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(UInt64.self))
    }

    /// Writes the number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
