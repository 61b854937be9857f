/// The live figures of one loaded model, part of a `HotReport`.
public struct HotModel: Hashable, Sendable, Codable {
    /// Which model.
    public var key: ModelKey
    /// Its requests that run now.
    public var inFlight: UInt16
    /// Its requests that wait on that machine.
    public var queued: UInt16
    /// 75th percentile of the time to the first token in units of 10 ms; nil while unknown.
    public var firstTokenP75: UInt16?
    /// 75th percentile of the decode speed, tokens per second; nil while unknown.
    public var tokensPerSecondP75: UInt16?

    /// The figures of `key`.
    public init(
        key: ModelKey, inFlight: UInt16 = 0, queued: UInt16 = 0, firstTokenP75: UInt16? = nil, tokensPerSecondP75: UInt16? = nil
    ) {
        self.key = key
        self.inFlight = inFlight
        self.queued = queued
        self.firstTokenP75 = firstTokenP75
        self.tokensPerSecondP75 = tokensPerSecondP75
    }
}
