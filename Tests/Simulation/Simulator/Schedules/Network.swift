/// How packets fare. Probabilities per thousand; delays in microseconds. Delays that differ reorder packets.
public struct Network: Sendable, Hashable {
    /// Lost.
    public var lossPerMille = 0
    /// Changed on the way: the receiver's tag check drops them, and the decoder must not stumble over them.
    public var corruptPerMille = 0
    /// Delivered twice.
    public var duplicatePerMille = 0
    /// Late by up to `tailMicroseconds`; heavy-tailed, most of them by much less.
    public var tailPerMille = 0
    /// The longest delay of a late packet.
    public var tailMicroseconds: Int64 = 200_000
    /// The usual delay: from a fifth of this to this.
    public var delayMicroseconds: Int64 = 1_000

    /// A quiet wire.
    public init() {}

    /// Most packets come, and in time.
    var isFair: Bool {
        lossPerMille <= 50 && corruptPerMille <= 10 && (tailPerMille <= 50 || tailMicroseconds <= 200_000)
            && delayMicroseconds <= 5_000
    }

    /// Answers come in time: nothing is lost or late enough to look like death.
    var isSharp: Bool {
        lossPerMille == 0 && corruptPerMille == 0 && (tailPerMille == 0 || tailMicroseconds <= 50_000)
            && delayMicroseconds <= 5_000
    }
}
