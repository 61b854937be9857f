import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A client that speaks TLS with any certificate and sends exact bytes.
final class TLSClient: Sendable {
    private let channel: any Channel
    private let received: Received

    private final class Received: Sendable {
        let state = Mutex((text: "", isClosed: false))
    }

    init(port: Int, identity: LinkIdentity?) async throws {
        let received = Received()
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .noHostnameVerification
        let context = try identity?.clientContext() ?? NIOSSLContext(configuration: configuration)
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLClientHandler(
                            context: context, serverHostname: nil,
                            customVerificationCallback: { _, verdict in verdict.succeed(.certificateVerified) }),
                        Handler(received: received),
                    ])
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        self.received = received
    }

    var text: String { received.state.withLock(\.text) }
    var isClosed: Bool { received.state.withLock(\.isClosed) }

    func send(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }
    func close() { channel.close(promise: nil) }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let received: Received

        init(received: Received) { self.received = received }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            received.state.withLock { $0.text += text }
        }

        func channelInactive(context: ChannelHandlerContext) { received.state.withLock { $0.isClosed = true } }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
