/// Where the outcome of a transfer goes.
enum TransferSink: Sendable {
    /// The whole answer at once.
    case whole(CheckedContinuation<Result<OutboundResponse, OutboundError>, Never>)
    /// The head when it is there, the body through a buffer.
    case stream(CheckedContinuation<Result<OutboundHead, OutboundError>, Never>, StreamBuffer)

    /// Ends a transfer that never began.
    func fail(_ error: OutboundError) {
        switch self {
        case .whole(let continuation): continuation.resume(returning: .failure(error))
        case .stream(let continuation, let buffer):
            continuation.resume(returning: .failure(error))
            buffer.finish(error)
        }
    }
}
