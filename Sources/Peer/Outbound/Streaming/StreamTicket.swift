/// A reader's hold on a transfer: when the last one is let go, the transfer ends. It keeps the client alive until then.
final class StreamTicket: Sendable {
    let client: OutboundClient
    let id: UInt64

    init(client: OutboundClient, id: UInt64) {
        self.client = client
        self.id = id
    }

    /// Ends the transfer.
    func cancel() { client.thread.cancel(id) }

    /// Lets a paused transfer go on.
    func resume() { client.thread.resume(id) }

    deinit { cancel() }
}
