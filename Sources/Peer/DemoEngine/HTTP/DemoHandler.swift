import Logging
import NIOCore
import NIOHTTP1

/// One connection: collects a request, lets an ``Exchange`` answer it, and tells it when the client leaves.
final class DemoHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let core: EngineCore
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isTooLarge = false
    /// Of a file for a new model, which is only hashed: it may be larger than all memory.
    private var blob: BlobHash?
    private var exchange: Exchange?

    init(core: EngineCore) { self.core = core }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
            isTooLarge = false
            blob = BlobHash(head)
            if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
                let interim = HTTPResponseHead(version: head.version, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
            }
        case .body(let part):
            guard !isTooLarge else { return }
            if blob != nil {
                blob?.take(part)
                return
            }
            isTooLarge = body.count + part.readableBytes > core.configuration.maximumBody
            if isTooLarge { body = [] } else { body += part.readableBytesView }
        case .end:
            guard let head else { return }
            self.head = nil
            let exchange = Exchange(core: core, context: context, head: head, body: body, blobDigest: blob?.digest)
            body = []
            blob = nil
            self.exchange = exchange
            exchange.run(isTooLarge: isTooLarge)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { exchange?.resume() }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        exchange?.clientLeft()
        exchange = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        core.logger.debug("A connection failed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }
}
