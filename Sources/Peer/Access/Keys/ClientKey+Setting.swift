internal import FoundationEssentials

/// A key as the fleet's settings carry it to every peer: under `client-key/ID`, as one JSON object.
extension ClientKey {
    /// Settings whose keys begin so are client keys.
    public static let settingPrefix = "client-key/"

    /// The setting that carries it.
    public var settingKey: String { Self.settingPrefix + id }

    /// What that setting says, ASCII of at most 400 bytes.
    public var settingValue: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // A struct of texts and whole numbers can always be written.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Reads a setting; nil for one that this version cannot use.
    public init?(settingKey: String, value: String) {
        guard value.utf8.count <= 4_096,
            let key = try? JSONDecoder().decode(ClientKey.self, from: Data(value.utf8)), key.settingKey == settingKey
        else { return nil }
        self = key
    }
}

extension ClientKey: Codable {
    private enum Field: String, CodingKey {
        case version = "v"
        case id, name, sha256, scopes, concurrency, created, revoked
        case requestsPerMinute = "requests_per_minute"
        case tokensPerDay = "tokens_per_day"
    }

    /// Writes it with its digest.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encode(1, forKey: .version)
        try fields.encode(id, forKey: .id)
        try fields.encode(name, forKey: .name)
        try fields.encode(createdSeconds, forKey: .created)
        if let revokedSeconds { return try fields.encode(revokedSeconds, forKey: .revoked) }
        try fields.encode(HexDigits.text(digest), forKey: .sha256)
        try fields.encode(scopes.map(\.rawValue).sorted(), forKey: .scopes)
        try fields.encodeIfPresent(limits.concurrency, forKey: .concurrency)
        try fields.encodeIfPresent(limits.requestsPerMinute, forKey: .requestsPerMinute)
        try fields.encodeIfPresent(limits.tokensPerDay, forKey: .tokensPerDay)
    }

    /// Reads one; scopes that this version does not know are left out.
    ///
    /// - Throws: `ClientKeyProblem` or `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        guard try fields.decode(Int.self, forKey: .version) == 1 else { throw ClientKeyProblem.version }
        let id = try fields.decode(String.self, forKey: .id)
        let name = try fields.decode(String.self, forKey: .name)
        let created = try fields.decode(Int64.self, forKey: .created)
        if let revoked = try fields.decodeIfPresent(Int64.self, forKey: .revoked) {
            guard Self.isID(id) else { throw ClientKeyProblem.id }
            guard Self.isName(name) else { throw ClientKeyProblem.name }
            self.init(id: id, name: name, digest: [], scopes: [], limits: KeyLimits(), created: created, revoked: revoked)
            return
        }
        let scopes = try fields.decode([String].self, forKey: .scopes)
        try self.init(
            id: id, name: name, digest: HexDigits.bytes(try fields.decode(String.self, forKey: .sha256)) ?? [],
            scopes: Set(scopes.compactMap(Scope.init)),
            limits: KeyLimits(
                concurrency: try fields.decodeIfPresent(Int.self, forKey: .concurrency),
                requestsPerMinute: try fields.decodeIfPresent(Int.self, forKey: .requestsPerMinute),
                tokensPerDay: try fields.decodeIfPresent(Int.self, forKey: .tokensPerDay)),
            createdSeconds: created)
    }
}
