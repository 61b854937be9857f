extension AccessRefusal {
    static let missing = AccessRefusal(
        .missing,
        "this fleet wants a client key: send it as Authorization: Bearer hp-... or as x-api-key; "
            + "the fleet's owner makes one with: herd-peer keys add NAME")

    static let unknown = AccessRefusal(
        .unknown,
        "this client key is not one of this fleet, or was revoked: check that all of it was copied, "
            + "or ask the fleet's owner for another one (herd-peer keys add NAME)")

    static let readOnly = AccessRefusal(
        .readOnly,
        "this peer changes nothing for clients (--read-only-management): use herd-peer on its own machine, or another peer")

    static let starting = AccessRefusal(
        .starting, "this peer is starting and has not read the fleet's client keys yet: try again", retryAfterSeconds: 1)

    static func scope(_ key: ClientKey, needs scope: Scope) -> AccessRefusal {
        let has = key.scopes.map(\.rawValue).sorted().joined(separator: " and ")
        return AccessRefusal(
            .scope,
            "the key \(key.name) is for \(has), and this needs \(scope.rawValue): "
                + "ask the fleet's owner for a key with --scope \(scope.rawValue)")
    }

    init(_ full: KeyMeter.Full, of key: ClientKey) {
        switch full {
        case .concurrency:
            self.init(
                .concurrency,
                "the key \(key.name) has \(key.limits.concurrency ?? 0) requests under way, as many as it may: "
                    + "wait until one is over",
                retryAfterSeconds: 1)
        case .rate(let seconds):
            self.init(
                .rate, "the key \(key.name) may send \(key.limits.requestsPerMinute ?? 0) requests a minute: slow down",
                retryAfterSeconds: seconds)
        case .tokens(let seconds):
            self.init(
                .tokens,
                "the key \(key.name) has used its \(key.limits.tokensPerDay ?? 0) tokens of this day (UTC): "
                    + "come back tomorrow, or ask the fleet's owner for more",
                retryAfterSeconds: seconds)
        }
    }
}
