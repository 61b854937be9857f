public import Gossip

/// Where conversations and prompt heads last ran: at most 2,000 of each, each for 900 s (herd-compat §6.3).
public struct SessionAffinity: Sendable {
    /// Pins kept of each sort.
    public static let capacity = 2000
    /// How long a pin holds after the last run.
    public static let lifetime: Duration = .seconds(900)

    private struct Pin: Sendable {
        var peer: PeerID
        var ranAt: Instant
    }

    private var sessions = RecencyTable<UInt64, Pin>(capacity: SessionAffinity.capacity)
    private var prefixes = RecencyTable<UInt64, Pin>(capacity: SessionAffinity.capacity)

    /// Nothing remembered.
    public init() {}

    /// The conversation `session` ran on `peer`.
    public mutating func ran(session: UInt64, on peer: PeerID, now: Instant) {
        let pin = Pin(peer: peer, ranAt: now)
        sessions.update(session, initial: pin) { $0 = pin }
    }

    /// A prompt with the head `prefix` ran on `peer`.
    public mutating func ran(prefix: UInt64, on peer: PeerID, now: Instant) {
        let pin = Pin(peer: peer, ranAt: now)
        prefixes.update(prefix, initial: pin) { $0 = pin }
    }

    /// Where the conversation last ran, if that is not too long ago.
    public func peer(of session: UInt64, now: Instant) -> PeerID? { Self.peer(sessions[session], now: now) }

    /// Where a prompt with this head last ran, if that is not too long ago.
    public func peer(ofPrefix prefix: UInt64, now: Instant) -> PeerID? { Self.peer(prefixes[prefix], now: now) }

    private static func peer(_ pin: Pin?, now: Instant) -> PeerID? {
        guard let pin, now - pin.ranAt <= lifetime else { return nil }
        return pin.peer
    }
}
