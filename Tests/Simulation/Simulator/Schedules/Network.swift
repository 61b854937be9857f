/// How packets fare. Probabilities per thousand; delays in microseconds.
public struct Network: Sendable, Hashable {
    /// Lost.
    public var lossPerMille = 0
    /// Delivered twice.
    public var duplicatePerMille = 0
    /// Late by up to `tailMicroseconds`.
    public var tailPerMille = 0
    /// The longest delay of a late packet.
    public var tailMicroseconds: Int64 = 200_000
    /// The usual delay: from a fifth of this to this.
    public var delayMicroseconds: Int64 = 1_000

    /// A quiet wire.
    public init() {}
}
