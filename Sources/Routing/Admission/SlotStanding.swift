public import Gossip

/// A request that waits for a slot of this machine.
public struct SlotStanding: Hashable, Sendable {
    /// Its place in the table.
    public var id: UInt64
    /// The engine.
    public var backend: String
    /// The model.
    public var model: ModelKey
    /// Whose it is and how urgent.
    public var turn: Turn
    /// Among those who wait for the same engine and model, counted from 1.
    public var position: Int
    /// When it came.
    public var since: Instant
    /// Milliseconds until it runs; nil while no runtime is known.
    public var estimatedMilliseconds: Double?
}
