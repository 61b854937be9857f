internal import NIOCore
internal import NIOHTTP1

/// Tells `FrontHandler` when the other lane has answered.
final class EndObserver: ChannelOutboundHandler {
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let front: FrontHandler

    init(front: FrontHandler) { self.front = front }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        let front = self.front
        // In a fresh turn: this runs inside the async channel's own write.
        written.futureResult.assumeIsolated().whenComplete { _ in
            front.onLaterTurn { $0.otherLaneAnswered() }
        }
        context.write(data, promise: written)
    }
}
