internal import NIOCore

/// One connection to an engine or a peer: sends a request, frames the response, hands the pieces to the request that owns it.
///
/// Lives on one event loop. States by its fields: idle (`request` nil, in the pool) → busy (`request` set) → idle, discarding
/// (reads the rest of an answer that nobody wants), or closed.
final class BackHandler: ChannelInboundHandler, LateFlusher {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How much of an unwanted answer is read to keep the connection.
    private static let discardLimit = 64 << 10

    /// Where it is kept between requests.
    let bin: UpstreamBin
    private var context: ChannelHandlerContext?
    private unowned let pool: UpstreamPool
    private var request: LaneRequest?
    private var framer = ResponseFramer()
    private var keepAlive = true
    private var discarding = false
    private var discarded = 0
    private var isWriting = false
    /// Reading was stopped for a slow client.
    private var isPaused = false
    private var failure: (any Error)?
    private var isActive = true

    /// It served a request before the current one.
    private(set) var isReused = false
    /// Bytes came for the current request.
    private(set) var hasAnswered = false
    /// When it was put into the pool.
    var idleSince = NIODeadline.uptimeNanoseconds(0)

    init(bin: UpstreamBin, pool: UpstreamPool) {
        self.bin = bin
        self.pool = pool
    }

    /// A chunk was let through in part: nothing can follow it.
    var isWithinChunk: Bool { framer.isWithinChunk }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        bin.openCount += 1
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        bin.openCount -= 1
    }

    // MARK: Used by requests

    /// Sends a request, its head first; its answer goes to `owner`.
    func send(_ head: ByteBuffer, _ body: [ByteBuffer], for owner: LaneRequest) {
        guard let context else { return }
        request = owner
        framer = ResponseFramer()
        hasAnswered = false
        keepAlive = true
        guard let last = body.last else {
            context.write(wrapOutboundOut(head), promise: nil)
            return owner.loop.flushSoon(self)
        }
        // A long body may still be under way when its answer comes.
        isWriting = true
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.isWriting = false }
        context.write(wrapOutboundOut(head), promise: nil)
        for part in body.dropLast() { context.write(wrapOutboundOut(part), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(last), promise: written)
    }

    func flushNow() { context?.flush() }

    /// Reads or stops reading: the client's pace is the engine's pace.
    func setReading(_ reading: Bool) {
        guard isPaused == reading else { return }
        isPaused = !reading
        try? context?.channel.syncOptions?.setOption(.autoRead, value: reading)
        if reading { context?.read() }
    }

    /// The owner has its whole answer: back to the pool, or closed when that cannot be.
    func finish() {
        request = nil
        isReused = true
        if keepAlive, framer.isDone, !framer.hasSurplus, !isWriting, isActive, context != nil {
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
        context?.close(promise: nil)
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
        isActive = false
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
        context?.close(promise: nil)
        owner?.upstreamFailed(error, by: self)
    }
}
