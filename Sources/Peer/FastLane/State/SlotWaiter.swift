/// A request that waits for a slot of this machine.
struct SlotWaiter: Sendable {
    /// The request's id.
    var request: String
    /// The model, canonical.
    var model: String
    /// Its slot is there.
    var granted: Wake
    /// Its engine is gone.
    var lost: Wake
    /// This machine drains: it shall go elsewhere if it can.
    var moved: Wake
}
