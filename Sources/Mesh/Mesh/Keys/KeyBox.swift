import Synchronization

/// The fleet's keys for all threads: replaced whole when the ring changes.
final class KeyBox: Sendable {
    private struct State {
        var keys: FleetKeys
        var linkToken: String
    }

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

    func replace(_ keys: FleetKeys) {
        let token = keys.active.linkToken(pin: pin)
        state.withLock { $0 = State(keys: keys, linkToken: token) }
    }
}
