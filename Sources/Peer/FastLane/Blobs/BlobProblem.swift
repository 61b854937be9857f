/// Why a blob did not get to a machine.
enum BlobProblem: Error, Equatable {
    /// No connection came about: nothing of the blob was read, and another machine may be tried.
    case unreachable(String)
    /// The connection ended without an answer.
    case broken(String)
    /// The client did not send all of it.
    case clientLeft
}
