internal import Access
internal import Gossip
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1

/// A client's or peer's connection: sends each request down one of the two lanes, one after the other (data-plane §4.3).
///
/// The lane is chosen at the head and kept until the request *and* its answer have ended. What comes earlier is held back, and
/// reading stops until then. `+Lanes` chooses, `+Gate` asks for keys, `+Replies` writes.
final class FrontHandler: ChannelDuplexHandler, LateFlusher {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = IOData
    typealias OutboundOut = ByteBuffer

    /// Who answers the current request.
    enum Lane {
        /// No request. → fast, other, own
        case none
        /// The relay. → none
        case fast(LaneRequest)
        /// The API router behind this handler. → none
        case other
        /// This handler itself, with a refusal. → none
        case own
    }

    let loop: LaneLoop
    /// The connection came to the mesh port.
    let isMesh: Bool
    /// The link's TLS; nil on the client port and in an open fleet.
    let handshake: LinkHandshake?

    var context: ChannelHandlerContext?
    var lane = Lane.none
    var requestEnded = false
    var answerEnded = false
    var keepAlive = true
    /// The current request is HTTP/1.1: its client understands chunks.
    var isHTTP11 = true
    /// No more requests on this connection.
    var isClosing = false
    /// The current answer's end is the connection's.
    var closesAfterAnswer = false
    /// The current answer is broken: close without a clean end.
    var closesUncleanly = false
    var corsHeaders: [(String, String)] = []
    /// The current request's client key, until the answer is over.
    var pass: AccessPass?
    var hasOtherLane = false
    var lastActivity = NIODeadline.now()
    var drained = 0
    private var framer = RequestFramer()
    private var isCutting = false
    private var swallowedRead = false
    private var willFlush = false
    private var address: String?
    /// The `Host` that was let through last.
    var allowedHost: String?

    init(loop: LaneLoop, isMesh: Bool, handshake: LinkHandshake? = nil) {
        self.loop = loop
        self.isMesh = isMesh
        self.handshake = handshake
    }

    // MARK: What requests see

    /// The other end's address without its port.
    var clientIP: String {
        if let address { return address }
        var text = context?.channel.remoteAddress?.ipAddress ?? ""
        // An IPv4 client on an IPv6 socket.
        if text.hasPrefix("::ffff:"), text.utf8.contains(UInt8(ascii: ".")) { text.removeFirst(7) }
        address = text
        return text
    }

    /// A digest of ``clientIP``.
    private(set) lazy var clientDigest = ModelKey(name: clientIP).rawValue

    /// What is written goes out soon: the socket and the channel's buffer have room.
    private(set) var isWritable = true
    /// The connection is there.
    private(set) var isActive = true

    /// The connection stays open after this answer.
    var keepsAlive: Bool { keepAlive && !isClosing && !closesAfterAnswer && isHTTP11 }

    func write(_ bytes: ByteBuffer) { context?.write(wrapOutboundOut(bytes), promise: nil) }

    func flush() {
        guard !willFlush else { return }
        willFlush = true
        loop.flushSoon(self)
    }

    func flushNow() {
        willFlush = false
        context?.flush()
    }

    // MARK: Inbound

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        lastActivity = loop.now
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.remove(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastActivity = loop.now
        guard !isClosing || isWithinRequest else { return }
        framer.append(unwrapInboundIn(data))
        cut(context)
    }

    /// The current request is here in full, its answer is not over.
    private var isBusyAfterRequest: Bool { if case .none = lane { false } else { requestEnded } }

    /// A request is under way whose rest is still to come.
    private var isWithinRequest: Bool { if case .none = lane { false } else { !requestEnded } }

    /// Handles what was read, as far as a request and its answer allow.
    private func cut(_ context: ChannelHandlerContext) {
        guard !isCutting else { return }
        isCutting = true
        defer { isCutting = false }
        do throws(RequestFramingError) {
            while !isBusyAfterRequest, !isClosing || isWithinRequest, let part = try framer.next() { process(part, context) }
        } catch {
            misframed(error, context)
        }
    }

    private func process(_ part: RequestFramer.Part, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head): begin(head, context)
        case .body(let bytes):
            switch lane {
            case .fast(let request):
                if answerEnded { drain(bytes.readableBytes) } else { request.received(bytes) }
            case .other: context.fireChannelRead(wrapInboundOut(.body(bytes)))
            case .own: drain(bytes.readableBytes)
            case .none: break
            }
        case .end:
            if case .none = lane { return }
            requestEnded = true
            switch lane {
            case .fast(let request): request.bodyComplete()
            case .other: context.fireChannelRead(wrapInboundOut(.end(nil)))
            case .own, .none: break
            }
            completeIfEnded()
        }
    }

    /// What came is not HTTP: answered where that is possible, then the connection ends.
    private func misframed(_ error: RequestFramingError, _ context: ChannelHandlerContext) {
        isClosing = true
        switch lane {
        case .none: refuse(error.status, error.words, closes: true)
        case .other where !requestEnded: context.fireErrorCaught(HTTPParserError.unknown)
        case .fast(let request) where !requestEnded && !answerEnded:
            request.fail(LaneFailure(error.status, error.words, closes: true), as: .rejected)
            closeAfterFlush()
        // A running answer still ends well; nothing more is read.
        default: if answerEnded { closeAfterFlush() }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if case .other = lane { return }
        context.read()
    }

    func read(context: ChannelHandlerContext) {
        if isBusyAfterRequest, framer.pendingBytes > 0 { swallowedRead = true } else { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        if case .fast(let request) = lane { request.frontWritabilityChanged(isWritable) }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosing = true
        isActive = false
        isWritable = false
        framer.stop()
        if case .other = lane, !requestEnded { context.fireErrorCaught(HTTPParserError.invalidEOFState) }
        if case .fast(let request) = lane, !answerEnded { request.clientGone() }
        leaveGate()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
        // Not passed on: the other lane would close under a running answer of this one.
        isClosing = true
        if case .none = lane { closeAfterFlush() }
    }

    // MARK: The end of a request

    /// Both the request and its answer are over: the next one, or close.
    func completeIfEnded() {
        guard requestEnded, answerEnded else { return }
        if case .none = lane { return }
        lane = .none
        lastActivity = loop.now
        guard keepsAlive else { return closeAfterFlush() }
        // Within `cut` the loop there goes on.
        if !isCutting { goOn() }
    }

    /// Takes the next request out of what was read already, then reads on.
    private func goOn() {
        guard let context else { return }
        if framer.pendingBytes > 0 {
            cut(context)
            // The async channel delivers what it buffered only on this.
            if case .other = lane { context.fireChannelReadComplete() }
        }
        resumeReading(context)
    }

    private func resumeReading(_ context: ChannelHandlerContext) {
        guard swallowedRead, !isBusyAfterRequest || framer.pendingBytes == 0 else { return }
        swallowedRead = false
        context.read()
    }

    /// Runs `call` in a later turn of the loop.
    func onLaterTurn(_ call: @escaping (FrontHandler) -> Void) {
        loop.eventLoop.assumeIsolated().execute { call(self) }
    }

    func sweep(_ now: NIODeadline) {
        switch lane {
        case .none:
            if now - lastActivity > TimeAmount(loop.configuration.clientIdle) { context?.close(promise: nil) }
        case .fast, .own, .other:
            // An answer was given early and the rest of its request does not come.
            guard answerEnded, !requestEnded, now - lastActivity > .seconds(10) else { return }
            context?.close(promise: nil)
        }
    }
}
