/// How many requests an engine runs at once, as its process says it.
struct SlotFinding: Hashable, Sendable {
    /// 1…1024.
    var count: Int
    /// Where that is said, in words.
    var source: String
}
