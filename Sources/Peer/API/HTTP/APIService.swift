public import FastLane
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
public import NIOCore
public import NIOHTTPTypes
public import ServiceLifecycle
import Synchronization

/// The other lane: Hummingbird's router behind the fast lane's front handler, on the same port.
///
/// A connection comes here on its first request that is no inference. Its task is a child of `run`, so that routes see a graceful
/// shutdown and end when their client goes.
public final class APIService: Service, OtherLane {
    private let responder: Responder
    private let logger: Logger
    private let connections: AsyncStream<Connection>
    private let inlet: AsyncStream<Connection>.Continuation

    /// A lane that answers with `face`'s routes.
    ///
    /// - Parameters:
    ///   - face: the client port's or the mesh port's routes.
    ///   - facts: what the routes tell about the peer.
    public init(face: Face, facts: PeerFacts, logger: Logger) {
        responder = Responder(face: face, facts: facts)
        self.logger = logger
        (connections, inlet) = AsyncStream.makeStream(of: Connection.self, bufferingPolicy: .unbounded)
    }

    /// Takes over a connection of the front handler.
    public func serve(_ channel: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>) {
        if case .terminated = inlet.yield(Connection(channel: channel)) {
            channel.channel.close(promise: nil)
        }
    }

    /// Runs one task per connection until the program stops.
    public func run() async throws {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for await connection in connections {
                    group.addTask { await self.converse(connection) }
                }
            }
        } onGracefulShutdown: {
            self.inlet.finish()
        }
    }

    private func converse(_ connection: Connection) async {
        let http = HTTP1Channel(
            responder: { [responder, logger] request, writer, channel in
                let context = PeerContext(source: .init(channel: channel, logger: logger))
                let response = await responder.respond(to: request, context: context)
                try await writer.write(response: response.head, body: response.body)
            }, configuration: .init())
        let channel = connection.channel
        // The connection's end must cancel a route that waits for something else than the connection.
        let conversation = Task { [logger] in await http.handleHTTP(asyncChannel: channel, logger: logger) }
        channel.channel.closeFuture.whenComplete { _ in conversation.cancel() }
        await withTaskCancellationHandler {
            await conversation.value
        } onCancel: {
            conversation.cancel()
        }
    }

    /// A connection on its way from its event loop to its task.
    private struct Connection: Sendable {
        let channel: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    }
}
