/// The client keys of the fleet as one peer knows them.
public struct ClientKeyRing: Sendable, Equatable {
    /// All readable keys, revoked ones included, by name, then id.
    public let keys: [ClientKey]
    /// Settings that should hold keys and cannot be used: they let nobody in, and still keep the check on.
    public let unreadable: Int
    private let byID: [String: ClientKey]

    /// A ring without keys: nothing is checked.
    public init() { self.init(settings: []) }

    /// Reads the settings that carry keys; others are ignored.
    public init(settings: [(key: String, value: String)]) {
        let ours = settings.filter { $0.key.hasPrefix(ClientKey.settingPrefix) }
        keys = ours.compactMap { ClientKey(settingKey: $0.key, value: $0.value) }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        unreadable = ours.count - keys.count
        byID = Dictionary(keys.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Requests need a key. Also when all keys are revoked: revoking the last one must not open the fleet.
    public var isInForce: Bool { !keys.isEmpty || unreadable > 0 }

    /// The key with this id.
    public subscript(id: String) -> ClientKey? { byID[id] }

    /// The key whose text was shown; nil when there is none or it is revoked. Takes the same time wherever the texts differ.
    func key(id: String, digest: [UInt8]) -> ClientKey? {
        let found = byID[id]
        let expected = found.map(\.digest) ?? []
        // Of a revoked or unknown key there is nothing to compare with: the time must not tell.
        let isSame = ConstantTime.equal(expected.isEmpty ? [UInt8](repeating: 0, count: 32) : expected, digest)
        return isSame && !expected.isEmpty ? found : nil
    }

    /// The keys that a person means: by id, or all that count of this name.
    public func named(_ word: String) -> [ClientKey] {
        if let key = byID[word] { return [key] }
        return keys.filter { $0.name == word && !$0.isRevoked }
    }
}
