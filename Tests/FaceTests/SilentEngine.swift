import NIOCore
import NIOPosix
import Synchronization

/// Takes connections and all that comes on them, and never answers.
final class SilentEngine: Sendable {
    private let state: Counts
    private let channel: any Channel
    let port: Int

    private final class Counts: Sendable {
        let open = Mutex(0)
    }

    init() async throws {
        let counts = Counts()
        state = counts
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                counts.open.withLock { $0 += 1 }
                channel.closeFuture.whenComplete { _ in counts.open.withLock { $0 -= 1 } }
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// Connections that are open now.
    var connections: Int { state.open.withLock { $0 } }

    /// Waits until as many are open, at most half a minute.
    func has(_ count: Int) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(30)
        while connections != count, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
        return connections == count
    }

    func stop() async { try? await channel.close() }
}
