/// HTTP to the outside over libcurl: probes, pulls, endpoints on the Internet.
///
/// All transfers run on one thread (libcurl's multi interface) and keep their connections. It follows no redirects, speaks `http`
/// and `https` only, and uses no proxy. Requests of clients do not come this way: the fast lane has its own.
public final class OutboundClient: Sendable {
    let thread: CurlThread

    /// A client with a thread of its own, which sleeps while nothing is to be done.
    /// - Parameter maximumTransfers: requests that run at once; more are refused with `OutboundError.tooMany`.
    public init(maximumTransfers: Int = 256) {
        thread = CurlThread(maximumTransfers: maximumTransfers)
    }

    deinit { thread.close() }

    /// Sends a request and collects the answer. Cancelling the task ends the transfer.
    public func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        try request.check()
        let id = try thread.register()
        let result: Result<OutboundResponse, OutboundError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                thread.start(id, request, .whole(continuation))
            }
        } onCancel: {
            thread.cancel(id)
        }
        return try result.get()
    }

    /// Sends a request and returns as soon as the head of the answer is there. The body comes as it is read: a reader that stops
    /// reading stops the sender. Letting go of the body, or cancelling the reading task, ends the transfer.
    /// - Parameter buffer: bytes that may wait for the reader.
    public func stream(
        _ request: OutboundRequest, buffer: Int = 256 << 10
    ) async throws(OutboundError) -> (head: OutboundHead, body: OutboundBody) {
        try request.check()
        let id = try thread.register()
        let waiting = StreamBuffer(capacity: max(buffer, 1))
        let ticket = StreamTicket(client: self, id: id)
        let result: Result<OutboundHead, OutboundError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                thread.start(id, request, .stream(continuation, waiting))
            }
        } onCancel: {
            thread.cancel(id)
        }
        return (try result.get(), OutboundBody(buffer: waiting, ticket: ticket))
    }

    /// Ends all transfers with `OutboundError.closed` and waits for the thread to end. May be called again.
    public func close() { thread.close() }
}
