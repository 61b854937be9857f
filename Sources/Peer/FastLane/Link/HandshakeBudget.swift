/// How many incoming handshakes may be under way on one event loop, together and from one address: each costs memory and CPU
/// before anything is known of the caller.
struct HandshakeBudget {
    static let total = 256
    static let perAddress = 32
    private var running: [String: Int] = [:]
    private var count = 0

    /// Takes a place; false when there is none.
    mutating func begin(_ address: String) -> Bool {
        guard count < Self.total, running[address, default: 0] < Self.perAddress else { return false }
        count += 1
        running[address, default: 0] += 1
        return true
    }

    /// Gives it back.
    mutating func end(_ address: String) {
        guard let here = running[address] else { return }
        count -= 1
        running[address] = here > 1 ? here - 1 : nil
    }
}
