internal import NIOCore

/// One connection to an engine or a peer: sends a request, frames the response, hands the pieces to the request that owns it.
///
/// Lives on one event loop. States by its fields: idle (`request` nil, in the pool) → busy (`request` set) → idle, discarding
/// (reads the rest of an answer that nobody wants), or closed.
final class BackHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How much of an unwanted answer is read to keep the connection.
    private static let discardLimit = 64 << 10

    let key: UpstreamKey
    private(set) var channel: (any Channel)?
    private unowned let pool: UpstreamPool
    private var request: LaneRequest?
    private var framer = ResponseFramer()
    private var keepAlive = true
    private var discarding = false
    private var discarded = 0
    private var isWriting = false
    private var failure: (any Error)?

    /// It served a request before the current one.
    private(set) var isReused = false
    /// Bytes came for the current request.
    private(set) var hasAnswered = false
    /// When it was put into the pool.
    var idleSince = NIODeadline.uptimeNanoseconds(0)

    init(key: UpstreamKey, pool: UpstreamPool) {
        self.key = key
        self.pool = pool
    }

    /// A chunk was let through in part: nothing can follow it.
    var isWithinChunk: Bool { framer.isWithinChunk }

    func handlerAdded(context: ChannelHandlerContext) { channel = context.channel }

    // MARK: Used by requests

    /// Sends a request; its answer goes to `owner`.
    func send(_ head: ByteBuffer, _ body: [ByteBuffer], for owner: LaneRequest) {
        guard let channel else { return }
        request = owner
        framer = ResponseFramer()
        hasAnswered = false
        keepAlive = true
        isWriting = true
        let written = channel.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.isWriting = false }
        var parts = body
        let last = parts.popLast() ?? ByteBuffer()
        channel.write(head, promise: nil)
        for part in parts { channel.write(part, promise: nil) }
        channel.writeAndFlush(last, promise: written)
    }

    /// Reads or stops reading: the client's pace is the engine's pace.
    func setReading(_ reading: Bool) {
        try? channel?.syncOptions?.setOption(.autoRead, value: reading)
        if reading { channel?.read() }
    }

    /// The owner has its whole answer: back to the pool, or closed when that cannot be.
    func finish() {
        request = nil
        isReused = true
        if keepAlive, framer.isDone, !framer.hasSurplus, !isWriting, channel?.isActive == true {
            setReading(true)
            pool.put(self)
        } else {
            close()
        }
    }

    /// The owner does not want the rest of the answer: read it if it is short, for the connection's sake.
    func discardRest() {
        request = nil
        if framer.isDone { return finish() }
        discarding = true
        discarded = 0
        setReading(true)
    }

    /// Closes now. The owner hears nothing more.
    func close() {
        request = nil
        channel?.close(promise: nil)
    }

    // MARK: Channel events

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard request != nil || discarding else { return close() }
        hasAnswered = true
        framer.append(unwrapInboundIn(data))
        do throws(FramingError) {
            while let piece = try framer.next(payload: { request?.payload($0) }) { deliver(piece) }
        } catch {
            fail(error)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { request?.upstreamReadComplete() }

    func channelInactive(context: ChannelHandlerContext) {
        pool.remove(self)
        if let owner = request {
            // After an error the end is no end: a cut TLS connection must not pass for a whole answer.
            if failure == nil, let piece = try? framer.closed() {
                keepAlive = false
                deliver(piece)
                owner.upstreamReadComplete()
            } else {
                fail(failure ?? FramingError.cutOff)
            }
        }
        channel = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = error
        context.close(promise: nil)
    }

    private func deliver(_ piece: ResponseFramer.Piece) {
        if discarding { return discard(piece) }
        guard let request else { return }
        switch piece {
        case .interim(let status): request.upstreamInterim(status)
        case .head(let head):
            keepAlive = head.keepAlive && head.framing != .untilClose
            request.upstreamHead(head)
        case .body(let bytes): request.upstreamBody(bytes)
        case .end(let trailer): request.upstreamEnd(trailer)
        }
    }

    private func discard(_ piece: ResponseFramer.Piece) {
        switch piece {
        case .interim: break
        case .head(let head): keepAlive = head.keepAlive && head.framing != .untilClose
        case .body(let bytes):
            discarded += bytes.readableBytes
            if discarded > Self.discardLimit { close() }
        case .end:
            discarding = false
            finish()
        }
    }

    private func fail(_ error: any Error) {
        let owner = request
        request = nil
        channel?.close(promise: nil)
        owner?.upstreamFailed(error, by: self)
    }
}
