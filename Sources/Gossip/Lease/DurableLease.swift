/// What must survive a crash for the fence to hold (mesh protocol §2.4, §7.3).
public struct DurableLease: Hashable, Sendable, Codable {
    /// The highest epoch ever granted or opened by this peer.
    public var maxEpoch: UInt64
    /// The longest lease ever granted, milliseconds: how long a restarted voter must stay silent.
    public var longestGrantMilliseconds: UInt32
    /// The last stop gave every grant back, so there is nothing to wait for.
    public var cleanExit: Bool

    /// A durable state.
    public init(maxEpoch: UInt64 = 0, longestGrantMilliseconds: UInt32 = 0, cleanExit: Bool = true) {
        self.maxEpoch = maxEpoch
        self.longestGrantMilliseconds = longestGrantMilliseconds
        self.cleanExit = cleanExit
    }
}
