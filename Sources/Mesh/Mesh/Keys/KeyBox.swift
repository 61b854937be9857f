import Synchronization

/// The fleet's keys for all threads: replaced whole when the ring changes.
final class KeyBox: Sendable {
    private struct State {
        var keys: FleetKeys
        var linkToken: String
        /// The tokens of callers under these keys: each costs an HMAC, and a link carries many requests.
        var admitted: [[UInt8]?: [[UInt8]]] = [:]
    }

    /// Callers whose tokens are kept.
    private static let admittedLimit = 1024

    /// This peer's own certificate; nil in an open fleet.
    let pin: [UInt8]?
    private let state: Mutex<State>

    init(_ keys: FleetKeys, pin: [UInt8]?) {
        self.pin = pin
        state = Mutex(State(keys: keys, linkToken: keys.active.linkToken(pin: pin)))
    }

    var current: FleetKeys { state.withLock(\.keys) }

    /// What this peer shows on its links to others, under the key in use.
    var linkToken: String { state.withLock(\.linkToken) }

    /// Whether `token` is one of this fleet's for a caller with this certificate.
    func admitsLink(_ token: String, pin: [UInt8]?) -> Bool {
        let tokens = state.withLock { state in
            if let known = state.admitted[pin] { return known }
            let tokens = state.keys.linkTokens(pin: pin)
            if state.admitted.count >= Self.admittedLimit { state.admitted = [:] }
            state.admitted[pin] = tokens
            return tokens
        }
        return FleetKeys.admits(token, tokens)
    }

    func replace(_ keys: FleetKeys) {
        let token = keys.active.linkToken(pin: pin)
        state.withLock { $0 = State(keys: keys, linkToken: token) }
    }
}
