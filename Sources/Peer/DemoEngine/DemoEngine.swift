public import Logging
public import NIOCore
import NIOHTTP1
public import NIOPosix

/// An Ollama stand-in with known answers: for `herd-peer demo`, as an explicit fallback of `serve`, and for the tests.
///
/// It speaks Ollama's native, OpenAI and Anthropic routes with the status codes, framing and errors of recorded servers,
/// and it can be made to fail in known ways (``FailurePlan``).
public final class DemoEngine: Sendable {
    /// Switches at run time.
    public let control: DemoControl
    /// The requests that it saw.
    public let log: DemoLog
    /// The port it listens on.
    public let port: Int
    /// The address it was told to listen on.
    public let host: String

    private let core: EngineCore
    private let channel: any Channel
    private let quiesce: OpenConnections

    private init(core: EngineCore, channel: any Channel, host: String, port: Int, connections: OpenConnections) {
        self.core = core
        self.channel = channel
        self.host = host
        self.port = port
        quiesce = connections
        control = core.control
        log = core.log
    }

    /// `http://host:port`.
    public var url: String { host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)" }

    /// Binds and begins to answer.
    /// - Parameter host: Address or name; on a loopback address foreign `Host` headers are refused and `/demo` is served.
    /// - Parameter port: TCP port, 0 = any free one.
    /// - Parameter configuration: What it has and how it behaves.
    /// - Parameter group: The event loops to run on.
    /// - Parameter logger: Hears of connection errors at debug level.
    /// - Throws: The system's error when the address cannot be bound.
    public static func start(
        host: String = "127.0.0.1", port: Int = 0, configuration: DemoEngineConfiguration = DemoEngineConfiguration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger = Logger(label: "herd-peer.demo-engine")
    ) async throws -> DemoEngine {
        let isLoopback = host == "localhost" || host == "::1" || host.hasPrefix("127.")
        let core = EngineCore(configuration, isLoopback: isLoopback, logger: logger)
        let connections = OpenConnections()
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    connections.add(channel)
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(DemoHandler(core: core))
                }
            }
            .bind(host: host, port: port).get()
        let bound = channel.localAddress?.port ?? port
        return DemoEngine(core: core, channel: channel, host: host, port: bound, connections: connections)
    }

    /// Closes the listener and all connections; requests that run are cut off like by a crash.
    public func stop() async {
        try? await channel.close()
        core.gate.close()
        await quiesce.closeAll()
    }
}
