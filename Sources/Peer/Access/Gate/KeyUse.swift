/// What one key has used at one peer since that peer's start.
public struct KeyUse: Sendable, Hashable {
    /// Requests under way.
    public var running = 0
    /// Requests let in.
    public var admitted: UInt64 = 0
    /// Tokens counted on this day of UTC.
    public var tokensToday = 0

    /// Nothing, or these figures.
    public init(running: Int = 0, admitted: UInt64 = 0, tokensToday: Int = 0) {
        self.running = running
        self.admitted = admitted
        self.tokensToday = tokensToday
    }
}
