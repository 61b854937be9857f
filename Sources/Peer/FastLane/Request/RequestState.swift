/// Where a request of the lane stands. Every state may also go to `done`: the client left, or the answer is over.
enum RequestState {
    /// The head is here, the body arrives. → parked, slotWait, connecting
    case receiving
    /// All machines are busy: in the line, until a timer or a call. → parked, slotWait, connecting
    case parked
    /// In the queue of this machine's own slots. → connecting, parked
    case slotWait
    /// A new upstream connection opens. → awaitingHead, slotWait, connecting, parked
    case connecting
    /// The request was sent. → holding, collecting, and as from connecting
    case awaitingHead
    /// The head is here and held until the first body byte, so that a retry can still replace it. → streaming, and as from
    /// connecting
    case holding
    /// An error answer is collected; it is used only if no other machine can serve. → as from connecting
    case collecting
    /// Bytes reached the client: no way back. → done
    case streaming
    /// Over.
    case done
}
