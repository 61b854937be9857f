import Crypto

/// What another machine needs to join a closed fleet, as a text that can be pasted or typed.
///
/// `herd1-` and groups of six digits of base 32: format, fleet tag, key id, key, name, and four bytes of SHA-256 over all that,
/// which tell a typing mistake. Whoever has it is a member: treat it like a password.
public struct JoinToken: Hashable, Sendable {
    /// The fleet's name.
    public let fleetName: String
    /// The fleet's tag.
    public let fleetTag: UInt32
    /// Which key it carries.
    public let keyID: UInt16
    let secret: SecretBytes

    static let prefix = "herd1-"
    static let groupLength = 6
    private static let format: UInt8 = 1
    private static let checkByteCount = 4
    private static let textLimit = 512

    init(fleetName: String, fleetTag: UInt32, keyID: UInt16, secret: SecretBytes) {
        self.fleetName = fleetName
        self.fleetTag = fleetTag
        self.keyID = keyID
        self.secret = secret
    }

    /// Reads the text; spaces, line ends, letter case and further hyphens do not matter.
    ///
    /// - Throws: `JoinTokenError`, which says what is wrong with it.
    public init(_ text: String) throws(JoinTokenError) {
        guard text.utf8.count <= Self.textLimit else { throw .tooLong }
        let clean = text.utf8.filter { $0 > 0x20 }
        let start = Array(Self.prefix.utf8)
        guard clean.count >= start.count, clean.prefix(start.count - 1).map(Self.lowered) == start.dropLast() else {
            throw .notAToken
        }
        var values: [UInt8] = []
        for character in clean.dropFirst(start.count - 1) where character != UInt8(ascii: "-") {
            guard let value = Base32.value(character) else {
                throw .badCharacter(String(decoding: [character], as: UTF8.self), group: values.count / Self.groupLength + 1)
            }
            values.append(value)
        }
        guard let bytes = Base32.decode(values) else { throw .mistyped }
        try self.init(bytes: bytes)
    }

    private init(bytes: [UInt8]) throws(JoinTokenError) {
        let head = 1 + 4 + 2 + KeyRing.keyByteCount + 1
        guard bytes.count > head + Self.checkByteCount else { throw .cut }
        let body = bytes.dropLast(Self.checkByteCount)
        let length = Int(body[head - 1])
        guard body.count >= head + length else { throw .cut }
        guard Self.check(Array(body)) == Array(bytes.suffix(Self.checkByteCount)) else { throw .mistyped }
        guard body[0] == Self.format else { throw .unknownFormat(body[0]) }
        let name = String(decoding: body[head...], as: UTF8.self)
        guard body.count == head + length, (try? KeyRing.check(name: name)) != nil else { throw .mistyped }
        let id = UInt16(body[5]) << 8 | UInt16(body[6])
        guard id != 0 else { throw .mistyped }
        self.init(
            fleetName: name, fleetTag: body[1..<5].reduce(0) { $0 << 8 | UInt32($1) }, keyID: id,
            secret: SecretBytes(Array(body[7..<7 + KeyRing.keyByteCount])))
    }

    /// The text. It holds the key: show it only to who asked for it.
    public var text: String {
        var bytes: [UInt8] = [Self.format]
        for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: fleetTag >> shift)) }
        bytes += [UInt8(keyID >> 8), UInt8(truncatingIfNeeded: keyID)]
        bytes += secret.bytes
        bytes.append(UInt8(truncatingIfNeeded: fleetName.utf8.count))
        bytes += Array(fleetName.utf8)
        bytes += Self.check(bytes)
        let digits = Array(Base32.encode(bytes).utf8)
        let groups = stride(from: 0, to: digits.count, by: Self.groupLength).map { start in
            String(decoding: digits[start..<min(start + Self.groupLength, digits.count)], as: UTF8.self)
        }
        return Self.prefix + groups.joined(separator: "-")
    }

    private static func check(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes).prefix(checkByteCount)) }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte + 32 : byte
    }
}

extension JoinToken: CustomStringConvertible {
    /// The fleet without the key, so that a log line cannot give it away.
    public var description: String { "token of the fleet '\(fleetName)' (key \(keyID))" }
}
