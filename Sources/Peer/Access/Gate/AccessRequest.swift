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
    func shownKey(need: AccessNeed) -> String? {
        var shown: [String] = authorization.prefix(4).compactMap(Self.bearer) + apiKey.prefix(4)
        // Addresses end up in histories and in other programs' logs: there only where a browser can do nothing else.
        if method == "GET", need == .scope(.observe) { shown += Self.parameters(of: target).compactMap(Self.queryKey) }
        shown.removeAll(where: \.isEmpty)
        return shown.first { ClientKey.id(in: $0) != nil } ?? shown.first
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
        let words = value.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        return String(words[1].drop { $0 == " " })
    }
}
