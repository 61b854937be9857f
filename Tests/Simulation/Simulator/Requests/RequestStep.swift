/// What happens to a request, by its number and the number of the attempt.
enum RequestStep {
    /// A client turns up somewhere.
    case submit
    /// The entry looks for a machine, again or for the first time.
    case dispatch(Int)
    /// An attempt reaches a machine, after so many hops.
    case arrive(Int, attempt: Int, at: Int, hop: Int)
    /// The entry learns that this attempt came to nothing.
    case failed(Int, attempt: Int, Failure)
    /// The first byte of the answer reaches the entry.
    case firstByte(Int, attempt: Int)
    /// A machine has finished; which of its lives ran it.
    case runEnds(Int, attempt: Int, at: Int, generation: UInt32)
    /// The whole answer reaches the entry.
    case answered(Int, attempt: Int)
    /// A machine learns that the entry is gone.
    case entryGone(Int, attempt: Int, at: Int)

    enum Failure {
        case busy
        case unreachable
        /// The machine took it and died.
        case broken
    }
}
