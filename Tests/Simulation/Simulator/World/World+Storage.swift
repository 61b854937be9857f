import Gossip

/// A peer's disk.
extension World {
    /// The process writes its row; on a disk that cannot be written that fails, and is tried again later.
    mutating func write(_ row: DurableLease, by place: Int) {
        guard peers[place].writable else {
            peers[place].unwritten = row
            checker.persisted(row, by: place)
            return
        }
        peers[place].durableBefore = peers[place].durable
        peers[place].durable = row
        checker.persisted(row, by: place)
    }

    /// The disk can be written again: a process that runs notices it by the row that it still has to write.
    mutating func retryStorage(_ place: Int) {
        guard peers[place].state == .running, peers[place].writable, let row = peers[place].unwritten else { return }
        peers[place].unwritten = nil
        write(row, by: place)
        deliver(.storage(writable: true), to: place)
    }
}
