internal import NIOCore
internal import NIOPosix

/// Kept connections to engines and peers, of one event loop: plain arrays, no lock.
final class UpstreamPool {
    private let loop: any EventLoop
    private let connectTimeout: TimeAmount
    private let keepAlive: TimeAmount
    private let idleLimit: Int
    private var idle: [SocketAddress: [BackHandler]] = [:]
    /// Connections open or opening.
    private(set) var openCount = 0

    init(loop: any EventLoop, configuration: LaneConfiguration) {
        self.loop = loop
        connectTimeout = TimeAmount(configuration.connectTimeout)
        keepAlive = TimeAmount(configuration.upstreamKeepAlive)
        idleLimit = configuration.upstreamIdleLimit
    }

    /// Connections kept unused.
    var idleCount: Int { idle.values.reduce(0) { $0 + $1.count } }

    /// A kept connection to `address`, the one used last; nil without one.
    func take(_ address: SocketAddress) -> BackHandler? {
        guard let back = idle[address]?.popLast() else { return nil }
        return back
    }

    /// Opens a connection. `done` is called on this loop, in a later turn.
    func connect(_ address: SocketAddress, done: @escaping (Result<BackHandler, any Error>) -> Void) {
        openCount += 1
        let bound = NIOLoopBound(self, eventLoop: loop)
        ClientBootstrap(group: loop)
            .connectTimeout(connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pool = bound.value
                    channel.closeFuture.assumeIsolated().whenComplete { _ in pool.openCount -= 1 }
                    try channel.pipeline.syncOperations.addHandler(BackHandler(address: address, pool: pool))
                }
            }
            .connect(to: address)
            .assumeIsolated()
            .whenComplete { result in
                done(result.flatMap { channel in Result { try channel.pipeline.syncOperations.handler(type: BackHandler.self) } })
            }
    }

    /// Keeps a connection for the next request.
    func put(_ back: BackHandler) {
        guard idle[back.address, default: []].count < idleLimit else { return back.close() }
        back.idleSince = .now()
        idle[back.address, default: []].append(back)
    }

    /// Forgets a connection that closed.
    func remove(_ back: BackHandler) {
        guard let at = idle[back.address]?.firstIndex(where: { $0 === back }) else { return }
        idle[back.address]?.remove(at: at)
        if idle[back.address]?.isEmpty == true { idle.removeValue(forKey: back.address) }
    }

    /// Closes connections unused for too long.
    func sweep(_ now: NIODeadline) {
        let old = idle.values.joined().filter { now - $0.idleSince > keepAlive }
        for back in old { back.close() }
    }

    /// Closes all unused connections.
    func closeIdle() {
        for back in idle.values.joined() { back.close() }
    }
}

extension TimeAmount {
    /// The same time.
    init(_ duration: Duration) {
        let parts = duration.components
        self = .nanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
    }
}
