/// The body of a streamed answer: chunks as they came. Meant for one reader.
public struct OutboundBody: AsyncSequence, Sendable {
    /// Bytes as they came, one or more.
    public typealias Element = [UInt8]
    /// Why a body ended too early.
    public typealias Failure = OutboundError

    let buffer: StreamBuffer
    let ticket: StreamTicket

    /// Reads the chunks.
    public func makeAsyncIterator() -> Iterator { Iterator(buffer: buffer, ticket: ticket) }

    /// Reads the chunks of a body.
    public struct Iterator: AsyncIteratorProtocol {
        let buffer: StreamBuffer
        let ticket: StreamTicket

        /// The next chunk, or nil at the end of a whole answer.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(OutboundError) -> [UInt8]? {
            let (buffer, ticket) = (buffer, ticket)
            while true {
                switch buffer.take() {
                case .chunk(let bytes, let resume):
                    if resume { ticket.resume() }
                    return bytes
                case .end(.some(let error)): throw error
                case .end(.none): return nil
                case .wait:
                    await withTaskCancellationHandler {
                        await buffer.ready()
                    } onCancel: {
                        // The thread ends the transfer and with it the wait.
                        ticket.cancel()
                    }
                }
            }
        }
    }
}
