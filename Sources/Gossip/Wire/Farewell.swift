/// Why a peer says goodbye.
public enum Farewell: UInt8, Hashable, Sendable {
    /// The program stops.
    case leaving = 0
    /// The machine is about to sleep.
    case asleep = 1
}
