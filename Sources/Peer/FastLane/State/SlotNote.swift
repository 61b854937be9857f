/// A slot of one of this machine's engines was taken or given back: for histories.
public struct SlotNote: Sendable, Hashable {
    /// The place in the slot table, unique within the life of this process.
    public var id: UInt64
    /// The engine and model that it is a slot of.
    public var key: String
    /// How many requests may run on it at once, as of now.
    public var limit: Int
    /// The request runs now; false when its slot is free again.
    public var isTaken: Bool
}
