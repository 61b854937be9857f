/// The identity of one peer: 16 random bytes, made once per state directory (mesh protocol §3.1).
///
/// The `node_id` that people see is a display name and may repeat; nothing is keyed by it.
public struct PeerID: Hashable, Comparable, Sendable {
    /// The first 8 bytes, big-endian: the short id, which travels in every envelope.
    public let short: UInt64
    /// The last 8 bytes, big-endian.
    public let low: UInt64

    /// An id of two halves.
    public init(short: UInt64, low: UInt64) {
        self.short = short
        self.low = low
    }

    /// A random id.
    public init(using generator: inout some RandomNumberGenerator) {
        self.init(short: generator.next(), low: generator.next())
    }

    /// Reads 32 hexadecimal digits; nil for anything else.
    public init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count == 32,
            let short = UInt64(String(decoding: digits[..<16], as: UTF8.self), radix: 16),
            let low = UInt64(String(decoding: digits[16...], as: UTF8.self), radix: 16)
        else { return nil }
        self.init(short: short, low: low)
    }

    /// 32 lower-case hexadecimal digits.
    public var hex: String { Self.digits(short) + Self.digits(low) }

    /// 16 lower-case hexadecimal digits: the short id.
    public var shortHex: String { Self.digits(short) }

    /// Orders by value.
    @inlinable public static func < (a: PeerID, b: PeerID) -> Bool {
        a.short != b.short ? a.short < b.short : a.low < b.low
    }
    /// The same peer.
    @inlinable public static func == (a: PeerID, b: PeerID) -> Bool { a.short == b.short && a.low == b.low }

    private static func digits(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { text in
            for place in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: value &>> UInt64(60 - 4 * place)) & 15
                text[place] = digit < 10 ? 48 + digit : 87 + digit
            }
            return 16
        }
    }
}

extension PeerID: CustomStringConvertible {
    /// In words.
    public var description: String { shortHex }
}

extension PeerID: Codable {
    /// Reads the hexadecimal form.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = PeerID(hex: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "a peer id has 32 digits"))
        }
        self = id
    }

    /// Writes the hexadecimal form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}
