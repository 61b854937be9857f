import Access

/// A gate with keys, and their texts by name.
struct TestKeys {
    let gate: AccessGate
    private(set) var texts: [String: String] = [:]
    private var settings: [(key: String, value: String)] = []
    private var keys: [String: ClientKey] = [:]

    init(owner: String = "", readOnly: Bool = false) {
        gate = AccessGate(ownerToken: owner, readOnlyManagement: readOnly)
    }

    mutating func add(
        _ name: String, _ scopes: Set<Scope> = [.infer, .observe], limits: KeyLimits = KeyLimits()
    ) throws {
        let made = try ClientKey.make(name: name, scopes: scopes, limits: limits, nowSeconds: 1)
        texts[name] = made.text
        keys[name] = made.key
        settings.append((made.key.settingKey, made.key.settingValue))
        gate.take(settings)
    }

    mutating func revoke(_ name: String) {
        guard let key = keys[name]?.revoked(atSeconds: 2) else { return }
        settings = settings.map { $0.key == key.settingKey ? (key.settingKey, key.settingValue) : $0 }
        gate.take(settings)
    }

    func bearer(_ name: String) -> String { "Authorization: Bearer \(texts[name] ?? "")\r\n" }
    func apiKey(_ name: String) -> String { "X-Api-Key: \(texts[name] ?? "")\r\n" }
}
