extension KeyRing: Codable {
    private enum CodingKeys: String, CodingKey {
        case format, fleetName = "fleet", fleetTag = "tag", version, keys, revoked, condemned
    }

    /// The format of the file.
    private static let format = 1

    /// Reads a ring and checks it: one with impossible counts or stages is refused.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard try container.decode(Int.self, forKey: .format) == Self.format else {
            throw DecodingError.dataCorruptedError(
                forKey: .format, in: container, debugDescription: "a format that this program does not know")
        }
        fleetName = try container.decode(String.self, forKey: .fleetName)
        fleetTag = try container.decode(UInt32.self, forKey: .fleetTag)
        version = try container.decode(UInt64.self, forKey: .version)
        keys = try container.decode([Key].self, forKey: .keys)
        revoked = try container.decodeIfPresent([Revoked].self, forKey: .revoked) ?? []
        condemned = try container.decodeIfPresent([UInt16].self, forKey: .condemned) ?? []
        if let flaw {
            throw DecodingError.dataCorruptedError(forKey: .keys, in: container, debugDescription: flaw)
        }
    }

    /// Writes all of it, the key bytes included: the file is the peer's secret.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.format, forKey: .format)
        try container.encode(fleetName, forKey: .fleetName)
        try container.encode(fleetTag, forKey: .fleetTag)
        try container.encode(version, forKey: .version)
        try container.encode(keys, forKey: .keys)
        try container.encode(revoked, forKey: .revoked)
        try container.encode(condemned, forKey: .condemned)
    }

    /// What no ring may be; nil when it is sound.
    private var flaw: String? {
        if (try? Self.check(name: fleetName)) == nil { return "the fleet's name is impossible" }
        if keys.isEmpty || keys.count > Self.keyLimit {
            return "there are \(keys.count) keys; 1 to \(Self.keyLimit) are possible"
        }
        if keys.contains(where: { $0.id == 0 }) || Set(keys.map(\.id)).count != keys.count { return "key ids repeat or are 0" }
        if keys.contains(where: { $0.secret.bytes.count != Self.keyByteCount }) {
            return "a key has not \(Self.keyByteCount) bytes"
        }
        if keys[0].stage != .active || keys.dropFirst().contains(where: { $0.stage == .active }) {
            return "not exactly the first key is in use"
        }
        if keys.count(where: { $0.stage == .installed }) > 1 { return "more than one key waits to be used" }
        if revoked.count > Self.revokedLimit { return "there are \(revoked.count) revoked peers" }
        if revoked.contains(where: { $0.pin.map { $0.count != 32 } ?? false }) {
            return "a revoked peer's certificate hash is impossible"
        }
        if condemned.count > keys.count { return "more keys are to go than there are" }
        return nil
    }
}
