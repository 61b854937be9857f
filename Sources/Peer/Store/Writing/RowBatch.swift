/// Rows that are made on the writer's queue, out of whatever their owner keeps.
public protocol RowBatch: Sendable {
    /// How many.
    var count: Int { get }
    /// Writes some of them, in order. Called on the writer's queue, once for each row.
    /// - Throws: What an insert threw; the rest of the range is lost then.
    func write(_ range: Range<Int>, into inserts: inout RowInserts) throws
}
