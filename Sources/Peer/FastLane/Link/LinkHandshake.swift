internal import NIOCore
internal import NIOTLS

/// Stands behind the TLS handlers of one peer link: limits the handshake's time and keeps the pin that it showed.
///
/// Until the handshake is over nothing but its end gets past this handler: no error of a stranger's reaches the lane or the log.
final class LinkHandshake: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum State {
        case running
        case done
        case failed(LinkRefusal)
    }

    private let peerPin: @Sendable (any Channel) -> [UInt8]?
    private let limit: TimeAmount
    private var ended: (LinkRefusal?) -> Void
    private var state = State.running
    private var timer: Scheduled<Void>?

    /// SPKI SHA-256 of the other side's certificate, once the handshake is over.
    private(set) var pin: [UInt8]?

    /// `ended` is called once, with nil when the handshake is complete.
    init(tls: LinkTLS, limit: Duration, ended: @escaping (LinkRefusal?) -> Void = { _ in }) {
        peerPin = tls.peerPin
        self.limit = TimeAmount(limit)
        self.ended = ended
    }

    /// The other side shows no pin: its certificate was checked in another way.
    init(limit: Duration) {
        peerPin = { _ in nil }
        self.limit = TimeAmount(limit)
        ended = { _ in }
    }

    /// Calls `then` when the handshake is over, at once if it is already.
    func whenEnded(_ then: @escaping (LinkRefusal?) -> Void) {
        switch state {
        case .running: ended = then
        case .done: then(nil)
        case .failed(let refusal): then(refusal)
        }
    }

    /// The connection ends before it has handlers.
    func abandon() { fail(.closed) }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { [weak self] in
            self?.fail(.timedOut)
            channel.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { fail(.closed) }

    /// The TLS handler decrypts into one buffer that it uses again. Who keeps a part of it, as a body is kept, makes it copy all
    /// 16 KiB next time; a short part is copied here instead.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard bytes.readableBytes <= Self.shortPart else { return context.fireChannelRead(data) }
        var copy = context.channel.allocator.buffer(capacity: bytes.readableBytes)
        copy.writeImmutableBuffer(bytes)
        context.fireChannelRead(wrapInboundOut(copy))
    }

    private static let shortPart = 4096

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch (state, event) {
        case (.running, TLSUserEvent.handshakeCompleted):
            timer?.cancel()
            pin = peerPin(context.channel)
            state = .done
            let call = ended
            ended = { _ in }
            call(nil)
        case (.running, is ChannelShouldQuiesceEvent):
            fail(.closed)
            return context.close(promise: nil)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .done = state { return context.fireErrorCaught(error) }
        fail(.handshake("\(error)"))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.closed)
        context.fireChannelInactive()
    }

    private func fail(_ refusal: LinkRefusal) {
        guard case .running = state else { return }
        timer?.cancel()
        state = .failed(refusal)
        let call = ended
        ended = { _ in }
        call(refusal)
    }
}
