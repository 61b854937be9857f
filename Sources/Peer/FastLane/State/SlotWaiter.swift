/// A request that waits for a slot of this machine.
struct SlotWaiter: Sendable {
    /// Its slot is there.
    var granted: Wake
    /// Its engine is gone.
    var lost: Wake
}
