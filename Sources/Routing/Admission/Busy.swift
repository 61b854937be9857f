/// Why a target refuses now, and what it looks like there: `X-Herd-Busy`.
public struct Busy: Hashable, Sendable {
    /// In a word: `slots`, `draining`, `no_backend`, `duplicate`.
    public var reason: String
    /// Requests that run there.
    public var inFlight: Int
    /// Requests that wait there.
    public var queued: Int
    /// When a slot may free, milliseconds; nil while unknown.
    public var etaMilliseconds: Int?

    /// A refusal.
    public init(reason: String = "slots", inFlight: Int = 0, queued: Int = 0, etaMilliseconds: Int? = nil) {
        self.reason = reason
        self.inFlight = inFlight
        self.queued = queued
        self.etaMilliseconds = etaMilliseconds
    }
}
