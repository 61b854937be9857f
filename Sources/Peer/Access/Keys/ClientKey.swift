/// A key by which a client of the fleet is known. It holds a digest of the key's text, never the text itself.
public struct ClientKey: Sendable, Hashable {
    /// Eight hex digits, part of the key's text and no secret.
    public let id: String
    /// The owner's word for whoever has the key: letters, digits, dots, dashes, underscores.
    public let name: String
    /// SHA-256 of the key's text, 32 bytes; empty once it is revoked, so that nothing can match it again.
    public let digest: [UInt8]
    /// What it may be used for.
    public let scopes: Set<Scope>
    /// How much it may be used.
    public let limits: KeyLimits
    /// When it was made, seconds since 1970.
    public let createdSeconds: Int64
    /// When it was revoked, seconds since 1970; nil while it counts.
    public let revokedSeconds: Int64?

    /// A key that counts.
    ///
    /// - Throws: `ClientKeyProblem` for parts that cannot be.
    public init(
        id: String, name: String, digest: [UInt8], scopes: Set<Scope>, limits: KeyLimits, createdSeconds: Int64
    ) throws(ClientKeyProblem) {
        guard Self.isID(id) else { throw .id }
        guard Self.isName(name) else { throw .name }
        guard digest.count == 32 else { throw .digest }
        guard !scopes.isEmpty else { throw .scopes }
        try limits.check()
        self.init(
            id: id, name: name, digest: digest, scopes: scopes, limits: limits, created: createdSeconds, revoked: nil)
    }

    init(
        id: String, name: String, digest: [UInt8], scopes: Set<Scope>, limits: KeyLimits, created: Int64, revoked: Int64?
    ) {
        self.id = id
        self.name = name
        self.digest = digest
        self.scopes = scopes
        self.limits = limits
        createdSeconds = created
        revokedSeconds = revoked
    }

    /// It counts no more.
    public var isRevoked: Bool { revokedSeconds != nil }

    /// The same key, revoked: what is left says who had it and when it ended.
    public func revoked(atSeconds seconds: Int64) -> ClientKey {
        ClientKey(
            id: id, name: name, digest: [], scopes: [], limits: KeyLimits(), created: createdSeconds,
            revoked: revokedSeconds ?? seconds)
    }

    /// A name that can be written in a tag, a table, an error and a log without being quoted.
    public static func isName(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), !isID(text), let first = text.utf8.first, isLetterOrDigit(first) else {
            return false
        }
        return text.utf8.allSatisfy { isLetterOrDigit($0) || ".-_".utf8.contains($0) }
    }

    /// Eight lower-case hex digits.
    static func isID(_ text: some StringProtocol) -> Bool { text.utf8.count == 8 && text.utf8.allSatisfy(HexDigits.isDigit) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
