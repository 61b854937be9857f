/// What the gate looks at of a request.
public struct AccessRequest: Sendable {
    /// The method, upper case.
    public var method: String
    /// The request target, with its query.
    public var target: String
    /// The values of `Authorization`.
    public var authorization: [String]
    /// The values of `x-api-key`.
    public var apiKey: [String]
    /// It comes from this machine, with the token of the peer's data directory (`AccessGate.isOwner`).
    public var isOwner: Bool

    /// A request.
    public init(
        method: String, target: String, authorization: [String] = [], apiKey: [String] = [], isOwner: Bool = false
    ) {
        self.method = method
        self.target = target
        self.authorization = authorization
        self.apiKey = apiKey
        self.isOwner = isOwner
    }

    /// The target without its query.
    var path: Substring { Self.path(of: target) }

    /// A target without its query.
    public static func path(of target: String) -> Substring {
        target.utf8.firstIndex(of: UInt8(ascii: "?")).map { target[..<$0] } ?? target[...]
    }

    /// What was shown as a key: the first that has a key's form, else the first at all. Programs send a word that means nothing
    /// in the one place and the key in the other.
    func shownKey(need: AccessNeed) -> ShownKey? {
        var other: ShownKey?
        for value in authorization.prefix(4) {
            guard let shown = Self.bearer(value).flatMap(ShownKey.init) else { continue }
            if shown.id != nil { return shown }
            other = other ?? shown
        }
        for value in apiKey.prefix(4) {
            guard let shown = ShownKey(value) else { continue }
            if shown.id != nil { return shown }
            other = other ?? shown
        }
        // Addresses end up in histories and in other programs' logs: there only where a browser can do nothing else.
        guard method == "GET", need == .scope(.observe) else { return other }
        let queried = Self.parameters(of: target).lazy.compactMap(Self.queryKey).compactMap(ShownKey.init)
        return queried.first { $0.id != nil } ?? other ?? queried.first
    }

    /// A target without keys in its query; nil when there are none.
    public static func withoutKeys(_ target: String) -> String? {
        let all = parameters(of: target)
        let kept = all.filter { queryKey($0) == nil && !holdsKey($0) }
        guard kept.count < all.count else { return nil }
        return path(of: target) + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
    }

    private static func parameters(of target: String) -> [Substring] {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return [] }
        return target[target.utf8.index(after: mark)...].split(separator: "&", maxSplits: 64, omittingEmptySubsequences: false)
    }

    private static func queryKey(_ parameter: Substring) -> String? {
        parameter.hasPrefix("api_key=") ? String(parameter.dropFirst(8)) : nil
    }

    /// A key under another name: it does not count, and travels no further either.
    private static func holdsKey(_ parameter: Substring) -> Bool {
        guard let equals = parameter.utf8.firstIndex(of: UInt8(ascii: "=")) else { return false }
        return ClientKey.id(in: String(parameter[parameter.utf8.index(after: equals)...])) != nil
    }

    /// The token of `Bearer TOKEN` (RFC 6750 §2.1); the scheme's name in any case.
    private static func bearer(_ value: String) -> String? {
        let scheme = "bearer "
        let bytes = value.utf8
        guard bytes.count > scheme.utf8.count, zip(bytes, scheme.utf8).allSatisfy({ ($0 | 0x20) == $1 }) else { return nil }
        let token = bytes.dropFirst(scheme.utf8.count).drop { $0 == UInt8(ascii: " ") }
        return String(Substring(token))
    }
}

/// What a request shows as its key.
struct ShownKey {
    /// Not empty.
    let text: String
    /// The id in it; nil for a text that can be no key.
    let id: String?

    init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        self.text = text
        id = ClientKey.id(in: text)
    }
}
