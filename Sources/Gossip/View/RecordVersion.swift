/// The version of a record: the boot counter of its only writer, then a counter. Later wins, whole (mesh protocol §3.1).
public struct RecordVersion: Hashable, Comparable, Sendable, Codable {
    /// The writer's boot counter.
    public var generation: UInt32
    /// Counts up within a generation.
    public var counter: UInt32

    /// A version.
    public init(generation: UInt32, counter: UInt32) {
        self.generation = generation
        self.counter = counter
    }

    /// Older than every version that is written.
    public static let none = RecordVersion(generation: 0, counter: 0)

    /// Orders by value.
    public static func < (a: RecordVersion, b: RecordVersion) -> Bool {
        (a.generation, a.counter) < (b.generation, b.counter)
    }
}
