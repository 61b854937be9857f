/// What this peer knows of another router's announcements.
struct KnownRouter: Sendable {
    let id: PeerID
    /// The latest announcement accepted: an older or equal one is stale.
    var epoch: UInt64
    var counter: UInt32
    /// Its content while it may be acted on; nil once the router is known to hold it no more.
    var record: LeaseRecord?
    var heardAt: Instant

    /// This record is newer than everything heard of its router.
    func isOutdone(by other: LeaseRecord) -> Bool { (epoch, counter) < (other.epoch, other.counter) }
}

extension LeaseRecord {
    /// The merge rule (§7.9): the router of this record keeps its role when it meets the router of `other`.
    func outranks(_ other: LeaseRecord) -> Bool {
        func key(_ record: LeaseRecord) -> (Int, Int, Int, UInt32) {
            (record.mode == .quorate ? 1 : 0, Int(record.priorityClass), Int(record.domainSize), record.heldSeconds)
        }
        let mine = key(self)
        let theirs = key(other)
        return mine == theirs ? router > other.router : mine > theirs
    }
}
