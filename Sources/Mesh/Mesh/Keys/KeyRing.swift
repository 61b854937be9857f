public import Gossip

/// The keys of a closed fleet as one peer holds them (mesh protocol §5.3): at most three, exactly one of them in use.
///
/// A value: each step of a rotation makes a new ring with a higher version. It lives in `identity/fleet-keys.json`.
public struct KeyRing: Hashable, Sendable {
    /// How far a key has come: *install → use → remove*.
    public enum Stage: String, Sendable, Hashable, Codable, CaseIterable {
        /// Opens what others seal; nothing is sealed with it yet.
        case installed
        /// The one that seals.
        case active
        /// Was in use; still opens, for peers that slept through the change.
        case retiring
    }

    /// One key. Its bytes are never shown.
    public struct Key: Hashable, Sendable, Codable {
        /// Travels in every envelope; never 0, which stands for an open fleet's derived key.
        public let id: UInt16
        let secret: SecretBytes
        /// How far it has come.
        public internal(set) var stage: Stage
        /// Seconds since 1970 at which it was made or joined, for people.
        public let createdSeconds: Int64
        /// Seconds since 1970 at which another took its place; nil while it was not replaced.
        public internal(set) var retiredSeconds: Int64?
    }

    /// A peer that was shut out.
    public struct Revoked: Hashable, Sendable, Codable {
        /// Who.
        public let peer: PeerID
        /// Its certificate, where it was known.
        let pin: [UInt8]?
    }

    /// Most keys at a time.
    public static let keyLimit = 3
    /// Most revoked peers that are remembered; the oldest go first.
    public static let revokedLimit = 64
    /// The length of a key, bytes.
    public static let keyByteCount = 32
    /// The longest fleet name, bytes of UTF-8.
    public static let nameLimit = 64

    /// The fleet's name.
    public let fleetName: String
    /// Tells fleets apart in clear text; drawn when the fleet was made, the same for its whole life.
    public let fleetTag: UInt32
    /// Counts the changes; of two rings the one with the higher version is newer.
    public internal(set) var version: UInt64
    /// The key in use first, then installed, then retiring ones.
    public internal(set) var keys: [Key]
    /// Who was shut out, oldest first.
    public internal(set) var revoked: [Revoked]
    /// Ids of keys that somebody who was shut out has: they go as soon as another is in use, not after 30 days.
    var condemned: [UInt16]

    init(fleetName: String, fleetTag: UInt32, version: UInt64, keys: [Key]) {
        self.fleetName = fleetName
        self.fleetTag = fleetTag
        self.version = version
        self.keys = keys
        revoked = []
        condemned = []
    }

    /// A new fleet with one random key.
    ///
    /// - Throws: `KeyRingError.badName` when the name is empty, longer than 64 bytes, or has control characters.
    public static func create(fleet name: String, nowSeconds: Int64) throws(KeyRingError) -> KeyRing {
        try check(name: name)
        var random = SystemRandomNumberGenerator()
        let key = Key(
            id: .random(in: 1...UInt16.max, using: &random), secret: SecretBytes(randomCount: keyByteCount), stage: .active,
            createdSeconds: nowSeconds)
        return KeyRing(fleetName: name, fleetTag: .random(in: 1...UInt32.max, using: &random), version: 1, keys: [key])
    }

    /// The ring of a peer that joins with a token. Its version is 0: any other ring of the fleet is newer.
    public init(joining token: JoinToken, nowSeconds: Int64) {
        let key = Key(id: token.keyID, secret: token.secret, stage: .active, createdSeconds: nowSeconds)
        self.init(fleetName: token.fleetName, fleetTag: token.fleetTag, version: 0, keys: [key])
    }

    /// The token with which another machine joins; it carries the key in use.
    public var joinToken: JoinToken {
        JoinToken(fleetName: fleetName, fleetTag: fleetTag, keyID: active.id, secret: active.secret)
    }

    /// The key that seals. Every ring has one: `check` refuses others.
    var active: Key { keys[0] }

    /// The ids in the order of `keys`.
    public var keyIDs: [UInt16] { keys.map(\.id) }

    /// The tag as people and mDNS write it: 8 lower-case hex digits.
    public var fleetTagHex: String { HexText.encode(fleetTag, digits: 8) }

    /// Keys of a peer that was shut out are being replaced.
    public var isPurging: Bool { !condemned.isEmpty }

    /// A rotation has begun and the new key is not in use yet.
    public var isRotating: Bool { keys.contains { $0.stage == .installed } }

    func key(_ id: UInt16) -> Key? { keys.first { $0.id == id } }

    /// Whether this peer was shut out.
    public func hasRevoked(_ peer: PeerID) -> Bool { revoked.contains { $0.peer == peer } }

    /// Whether this is the certificate of a peer that was shut out.
    func hasRevoked(pin: [UInt8]) -> Bool { revoked.contains { $0.pin == pin } }

    static func check(name: String) throws(KeyRingError) {
        let isClean = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard !name.isEmpty, name.utf8.count <= nameLimit, isClean else { throw .badName }
    }
}
