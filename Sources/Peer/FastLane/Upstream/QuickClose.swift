internal import NIOCore
internal import NIOSSL

/// Closes an encrypted connection at once: says goodbye, and does not wait for the other side's.
///
/// TLS alone would leave the socket open until the engine answers the goodbye. A proxy before an engine looks for the end of the
/// connection only, and the engine would work on for a client that is gone.
final class QuickClose: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        let below = try? context.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self)
        guard mode == .all, let below, below.channel.isActive else { return context.close(mode: mode, promise: promise) }
        context.close(mode: mode, promise: promise)
        // What is left of the connection, below TLS.
        below.close(mode: .all, promise: nil)
    }
}
