import Gossip
import NIOCore
import NIOPosix

@testable import Mesh

/// A TCP port that takes connections and says nothing, or one text and then the end.
final class ListeningSocket: Sendable {
    private let listener: any Channel
    var endpoint: Endpoint { Endpoint(.v4(0x7F00_0001), port: UInt16(listener.localAddress?.port ?? 0)) }

    init(answering text: String? = nil) throws {
        listener = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                guard let text else { return channel.eventLoop.makeSucceededVoidFuture() }
                return channel.eventLoop.makeCompletedFuture {
                    channel.writeAndFlush(ByteBuffer(string: text)).whenComplete { _ in channel.close(promise: nil) }
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
    }

    deinit { listener.close(promise: nil) }
}
