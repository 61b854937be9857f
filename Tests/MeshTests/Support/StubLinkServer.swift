import Gossip
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import Mesh

/// The TCP side of a mesh port, as the lane server will be: facts and state exchange, keep-alive.
final class StubLinkServer: Sendable {
    /// What it answers instead of the service's facts.
    typealias FactsOverride = @Sendable () -> [UInt8]

    private struct State {
        var service: MeshService?
        var facts: FactsOverride?
        var connections: [ObjectIdentifier: any Channel] = [:]
        var listener: (any Channel)?
        var accepted = 0
        var refusedTokens = 0
    }

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let state = Mutex(State())

    /// Listens at once on a free port.
    init(facts: FactsOverride? = nil) async throws {
        state.withLock { $0.facts = facts }
        try await listen(on: 0)
    }

    deinit { group.shutdownGracefully { _ in } }

    /// UDP and TCP port of the peer in front of which this stands.
    var port: UInt16 { UInt16(state.withLock { $0.listener?.localAddress?.port } ?? 0) }
    /// Connections taken so far.
    var accepted: Int { state.withLock(\.accepted) }
    /// Exchanges refused for their token.
    var refusedTokens: Int { state.withLock(\.refusedTokens) }
    var endpoint: Endpoint { Endpoint(.v4(0x7F00_0001), port: port) }

    func serve(_ service: MeshService) { state.withLock { $0.service = service } }

    func listen(on port: UInt16) async throws {
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let security = self.state.withLock(\.service)?.linkSecurity {
                        try channel.pipeline.syncOperations.addHandlers(security.serverHandlers())
                    }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(StubLinkHandler(self))
                }
            }
            .bind(host: "127.0.0.1", port: Int(port)).get()
        state.withLock { $0.listener = listener }
    }

    /// What the end of the process does: nobody listens, every connection is closed.
    func die() async {
        let (listener, connections) = state.withLock { ($0.listener, Array($0.connections.values)) }
        try? await listener?.close()
        for connection in connections { try? await connection.close() }
    }

    /// Closes the connections and goes on listening.
    func hangUp() async {
        for connection in state.withLock({ Array($0.connections.values) }) { try? await connection.close() }
    }

    /// Certificate of the caller.
    fileprivate func pin(of channel: any Channel) -> [UInt8]? {
        state.withLock(\.service)?.linkSecurity?.peerPin(of: channel)
    }

    fileprivate func opened(_ channel: any Channel) {
        state.withLock {
            $0.connections[ObjectIdentifier(channel)] = channel
            $0.accepted += 1
        }
    }

    fileprivate func closed(_ channel: any Channel) {
        _ = state.withLock { $0.connections.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    fileprivate func answer(
        _ head: HTTPRequestHead, _ body: [UInt8], pin: [UInt8]?
    ) async -> (HTTPResponseStatus, [UInt8]) {
        let token = head.headers.first(name: "X-Herd-Fleet") ?? ""
        let (service, facts) = state.withLock { ($0.service, $0.facts) }
        switch head.uri {
        case "/herd/v1/mesh":
            if let facts { return (.ok, facts()) }
            guard let service else { return (.notFound, []) }
            return (.ok, await service.meshFacts().json)
        case "/herd/v1/hello":
            guard let service, let answer = try? await service.handleHello(body: body, pin: pin, remote: nil) else {
                return (.forbidden, [])
            }
            return (.ok, answer)
        case "/herd/v1/keys":
            guard let service, service.admitsLink(token, pin: pin),
                let answer = try? await service.handleKeys(body: body, pin: pin)
            else { return (.forbidden, []) }
            return (.ok, answer)
        case "/herd/v1/sync":
            guard let service, service.admitsLink(token, pin: pin) else {
                state.withLock { $0.refusedTokens += 1 }
                return (.forbidden, [])
            }
            do { return (.ok, try await service.handleSync(body: body, remote: .v4(0x7F00_0001))) } catch {
                return (.badRequest, [])
            }
        case "/herd/v1/datagrams":
            guard let service, service.admitsLink(head.headers.first(name: "X-Herd-Fleet") ?? "", pin: nil) else {
                return (.forbidden, [])
            }
            do { return (.ok, try await service.handleDatagrams(body: body, remote: .v4(0x7F00_0001))) } catch {
                return (.badRequest, [])
            }
        case "/herd/v1/settings":
            guard let service, service.admitsLink(head.headers.first(name: "X-Herd-Fleet") ?? "", pin: nil) else {
                return (.forbidden, [])
            }
            do { return (.ok, try await service.handleSettings(body: body)) } catch { return (.conflict, []) }
        default:
            return (.notFound, [])
        }
    }
}

private final class StubLinkHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: StubLinkServer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ server: StubLinkServer) { self.server = server }

    func channelActive(context: ChannelHandlerContext) { server.opened(context.channel) }
    func channelInactive(context: ChannelHandlerContext) { server.closed(context.channel) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part):
            body.append(contentsOf: part.readableBytesView)
        case .end:
            guard let head else { return }
            let (server, body, channel) = (self.server, self.body, context.channel)
            let pin = server.pin(of: channel)
            Task {
                let (status, bytes) = await server.answer(head, body, pin: pin)
                var answer = HTTPResponseHead(version: .http1_1, status: status)
                answer.headers.add(name: "Content-Length", value: "\(bytes.count)")
                channel.write(HTTPServerResponsePart.head(answer), promise: nil)
                channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes))), promise: nil)
                try? await channel.writeAndFlush(HTTPServerResponsePart.end(nil))
                if !head.isKeepAlive { try? await channel.close() }
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
