public import Logging
internal import NIOCore
internal import NIOExtras
public import NIOPosix
public import ServiceLifecycle
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The client port and the mesh port: accepts connections and runs both lanes on them (data-plane §4).
///
/// Call `start()` to learn the bound ports before `run()`; `run()` starts by itself otherwise. On a graceful shutdown no new
/// connection and no new request is taken, running answers go on until `LaneConfiguration.shutdownDeadline`.
public final class LaneServer: Service {
    /// The ports that are bound.
    public struct Ports: Sendable, Equatable {
        /// The client API's.
        public var client: Int
        /// The mesh's; nil when none was asked for.
        public var mesh: Int?
    }

    struct Shared: Sendable {
        var state: LaneState
        var sink: any TraceSink
        var otherLane: (any OtherLane)?
        var meshLane: (any OtherLane)?
        var logger: Logger
    }

    struct Running {
        var channels: [any Channel] = []
        var loops: [NIOLoopBound<LaneLoop>] = []
        var ports: Ports
    }

    let shared: Shared
    let group: MultiThreadedEventLoopGroup
    let clientQuiesce: ServerQuiescingHelper
    let meshQuiesce: ServerQuiescingHelper
    let running = Mutex<Running?>(nil)

    /// A server that is not started.
    ///
    /// - Parameters:
    ///   - otherLane: serves all other requests of the client port; without one they get 404.
    ///   - meshLane: the same for the mesh port.
    public init(
        state: LaneState, group: MultiThreadedEventLoopGroup, sink: any TraceSink, otherLane: (any OtherLane)? = nil,
        meshLane: (any OtherLane)? = nil, logger: Logger
    ) {
        shared = Shared(state: state, sink: sink, otherLane: otherLane, meshLane: meshLane, logger: logger)
        self.group = group
        clientQuiesce = ServerQuiescingHelper(group: group)
        meshQuiesce = ServerQuiescingHelper(group: group)
    }

    /// The bound ports; nil before `start`.
    public var boundPorts: Ports? { running.withLock { $0?.ports } }

    /// Binds both ports.
    ///
    /// - Throws: a `LaneServerError` that says which port and what to do.
    @discardableResult
    public func start() async throws -> Ports {
        if let ports = boundPorts { return ports }
        let settings = shared.state.configuration
        let loops = try await makeLoops()
        let client = try await listen(
            settings.host, settings.port, "client API", loops: loops, quiesce: clientQuiesce, isMesh: false)
        var channels = [client]
        var ports = Ports(client: client.localAddress?.port ?? settings.port)
        if let meshPort = settings.meshPort {
            do {
                let mesh = try await listen(settings.meshHost, meshPort, "mesh", loops: loops, quiesce: meshQuiesce, isMesh: true)
                channels.append(mesh)
                ports.mesh = mesh.localAddress?.port ?? meshPort
            } catch {
                try? await client.close()
                await stop(loops)
                throw error
            }
        }
        running.withLock { $0 = Running(channels: channels, loops: loops, ports: ports) }
        shared.logger.info(
            "listening", metadata: ["client.port": "\(ports.client)", "mesh.port": "\(ports.mesh.map { "\($0)" } ?? "none")"])
        return ports
    }

    /// Serves until a graceful shutdown or cancellation.
    public func run() async throws {
        try await start()
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                for await _ in ended {}
            } onGracefulShutdown: {
                end.finish()
            }
        } onCancel: {
            end.finish()
        }
        await shutdown(deadline: Task.isCancelled ? .zero : shared.state.configuration.shutdownDeadline)
    }

    /// Takes nothing new, lets running answers end until `deadline`, then closes what is left. Returns when all is closed.
    public func shutdown(deadline: Duration) async {
        guard
            let current = running.withLock({ running -> Running? in
                defer { running = nil }
                return running
            })
        else { return }
        shared.state.setStopping()
        for loop in current.loops { loop.eventLoop.execute { loop.value.beginStopping() } }
        let client = group.next().makePromise(of: Void.self)
        clientQuiesce.initiateShutdown(promise: client)
        let mesh = group.next().makePromise(of: Void.self)
        if current.ports.mesh == nil { mesh.succeed() } else { meshQuiesce.initiateShutdown(promise: mesh) }
        let cut = group.next().scheduleTask(in: TimeAmount(deadline)) {
            for loop in current.loops { loop.eventLoop.execute { loop.value.closeAll() } }
        }
        _ = try? await client.futureResult.and(mesh.futureResult).get()
        cut.cancel()
        await stop(current.loops)
        shared.logger.info("stopped listening")
    }

    // MARK: Parts

    private func makeLoops() async throws -> [NIOLoopBound<LaneLoop>] {
        var loops: [NIOLoopBound<LaneLoop>] = []
        for (index, eventLoop) in group.makeIterator().enumerated() {
            let shared = self.shared
            let loop = try await eventLoop.submit {
                let loop = LaneLoop(index: index, eventLoop: eventLoop, shared: shared)
                loop.start()
                return NIOLoopBound(loop, eventLoop: eventLoop)
            }.get()
            loops.append(loop)
        }
        return loops
    }

    private func stop(_ loops: [NIOLoopBound<LaneLoop>]) async {
        for loop in loops { try? await loop.eventLoop.submit { loop.value.stop() }.get() }
    }

    private func listen(
        _ host: String, _ port: Int, _ purpose: String, loops: [NIOLoopBound<LaneLoop>], quiesce: ServerQuiescingHelper,
        isMesh: Bool
    ) async throws -> any Channel {
        let byLoop = Dictionary(uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 512)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(quiesce.makeServerChannelHandler(channel: channel))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.recvAllocator, value: ReceiveBuffers.allocator)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = byLoop[ObjectIdentifier(channel.eventLoop)]?.value else {
                        throw ChannelError.operationUnsupported
                    }
                    try isMesh ? loop.openLink(channel) : loop.openClient(channel)
                }
            }
        do {
            // A literal address never goes through the resolver, which knows no `::` where no interface has IPv6.
            if let address = try? SocketAddress(ipAddress: host, port: port) {
                return try await bootstrap.bind(to: address).get()
            }
            return try await bootstrap.bind(host: host, port: port).get()
        } catch {
            throw Self.typed(error, host: host, port: port, purpose: purpose)
        }
    }

    private static func typed(_ error: any Error, host: String, port: Int, purpose: String) -> LaneServerError {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE: .portInUse(port: port, purpose: purpose)
        case EACCES, EPERM: .notPermitted(port: port, purpose: purpose)
        case EADDRNOTAVAIL: .noSuchAddress(host: host, purpose: purpose)
        default: .cannotListen(host: host, port: port, purpose: purpose, reason: "\(error)")
        }
    }
}
