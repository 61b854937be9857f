internal import Crypto

extension ClientKey {
    /// A key's text is this, its id, a dash and 64 hex digits.
    static let textPrefix = "hp-"
    /// Bytes of a key's text.
    static let textBytes = 3 + 8 + 1 + 64

    /// Makes a key and its text: 256 bits of the system's random numbers, so that a plain digest of it cannot be guessed back.
    /// The text is the caller's to show once; nothing keeps it.
    ///
    /// - Throws: `ClientKeyProblem` for a name, scopes or limits that cannot be.
    public static func make(
        name: String, scopes: Set<Scope>, limits: KeyLimits, nowSeconds: Int64
    ) throws(ClientKeyProblem) -> (key: ClientKey, text: String) {
        var random = SystemRandomNumberGenerator()
        return try make(name: name, scopes: scopes, limits: limits, nowSeconds: nowSeconds, using: &random)
    }

    static func make(
        name: String, scopes: Set<Scope>, limits: KeyLimits, nowSeconds: Int64, using random: inout some RandomNumberGenerator
    ) throws(ClientKeyProblem) -> (key: ClientKey, text: String) {
        let id = HexDigits.text((0..<4).map { _ in UInt8.random(in: 0...255, using: &random) })
        let secret = HexDigits.text((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
        let text = textPrefix + id + "-" + secret
        let key = try ClientKey(
            id: id, name: name, digest: digest(of: text), scopes: scopes, limits: limits, createdSeconds: nowSeconds)
        return (key, text)
    }

    /// SHA-256 of a key's text.
    static func digest(of text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// The id in a key's text; nil for a text that can be no key.
    static func id(in text: String) -> String? {
        guard text.utf8.count == textBytes else { return nil }
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.starts(with: textPrefix.utf8), bytes[11] == UInt8(ascii: "-"),
                bytes[3..<11].allSatisfy(HexDigits.isDigit), bytes[12...].allSatisfy(HexDigits.isDigit)
            else { return nil }
            return String(decoding: bytes[3..<11], as: UTF8.self)
        }
    }
}
