/// A bounded queue of rows outside the shard, emptied by the shard's writer.
///
/// Its owner calls ``Shard/rowsWait()`` when the first row comes into an empty queue: the writer then takes all rows
/// after the batch interval.
public protocol RowSource: AnyObject, Sendable {
    /// How many rows wait.
    var waitingRows: Int { get }
    /// Gives away all rows that wait, nil when there are none. Called on the writer's queue.
    func takeRows() -> (any RowBatch)?
}
