private import Glibc
internal import NIOCore
internal import NIOPosix

/// Kept connections to engines and peers, of one event loop: plain arrays, no lock.
final class UpstreamPool {
    private let loop: any EventLoop
    private let connectTimeout: TimeAmount
    private let keepAlive: TimeAmount
    private let idleLimit: Int
    private let handshakeLimit: Duration
    private var idle: [UpstreamKey: UpstreamBin] = [:]
    /// The one used last, which is mostly the one used next.
    private var last: UpstreamBin?
    /// Now, at the resolution of the sweep.
    private var sweptAt = NIODeadline.now()
    /// Connections open or opening.
    private(set) var openCount = 0

    init(loop: any EventLoop, configuration: LaneConfiguration) {
        self.loop = loop
        connectTimeout = TimeAmount(configuration.connectTimeout)
        keepAlive = TimeAmount(configuration.upstreamKeepAlive)
        idleLimit = configuration.upstreamIdleLimit
        handshakeLimit = configuration.handshakeLimit
    }

    /// A kept connection, the one used last; nil without one.
    func take(_ key: UpstreamKey) -> BackHandler? {
        if let last, last.key == key { return last.connections.popLast() }
        guard let bin = idle[key] else { return nil }
        last = bin
        return bin.connections.popLast()
    }

    private func bin(_ key: UpstreamKey) -> UpstreamBin {
        if let known = idle[key] { return known }
        let bin = UpstreamBin(key)
        idle[key] = bin
        return bin
    }

    /// Opens a connection. With `tls` it counts as open when the handshake is over. `done` is called on this loop, in a later turn.
    func connect(_ key: UpstreamKey, tls: LinkTLS?, done: @escaping (Result<BackHandler, any Error>) -> Void) {
        openCount += 1
        let bound = NIOLoopBound(self, eventLoop: loop)
        let link = tls.flatMap { tls in key.peer.map { (tls: tls, peer: $0) } }
        let door = key.door
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: ReceiveBuffers.allocator)
            // A machine whose address changed while it worked is alive for the mesh, and this connection will never say so.
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.init(rawValue: TCP_KEEPIDLE)), value: 5)
            .channelOption(.tcpOption(.init(rawValue: TCP_KEEPINTVL)), value: 2)
            .channelOption(.tcpOption(.init(rawValue: TCP_KEEPCNT)), value: 3)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pool = bound.value
                    channel.closeFuture.assumeIsolated().whenComplete { _ in pool.openCount -= 1 }
                    var handlers: [any ChannelHandler] = []
                    if let link {
                        handlers = try link.tls.clientHandlers(link.peer)
                        handlers.append(LinkHandshake(tls: link.tls, limit: pool.handshakeLimit))
                    } else if let door {
                        handlers = try door.handlers() + [LinkHandshake(limit: pool.handshakeLimit)]
                    }
                    handlers.append(BackHandler(bin: pool.bin(key), pool: pool))
                    try channel.pipeline.syncOperations.addHandlers(handlers)
                }
            }
        // A name is asked for anew each time: it may stand for other machines tomorrow, and for several now.
        (door.map { bootstrap.connect(host: $0.host, port: $0.port) } ?? bootstrap.connect(to: key.address))
            .assumeIsolated()
            .whenComplete { result in
                do {
                    let pipeline = try result.get().pipeline.syncOperations
                    let back = try pipeline.handler(type: BackHandler.self)
                    guard link != nil || door != nil else { return done(.success(back)) }
                    let handshake = try pipeline.handler(type: LinkHandshake.self)
                    handshake.whenEnded { refusal in
                        if let refusal { return done(.failure(refusal)) }
                        // The pin of a peer may be another one since the connection was begun.
                        guard handshake.pin == key.pin else {
                            back.close()
                            return done(.failure(LinkRefusal.wrongPin))
                        }
                        done(.success(back))
                    }
                } catch {
                    done(.failure(error))
                }
            }
    }

    /// Keeps a connection for the next request.
    func put(_ back: BackHandler) {
        guard back.bin.connections.count < idleLimit else { return back.close() }
        back.idleSince = sweptAt
        back.bin.connections.append(back)
    }

    /// Forgets a connection that closed.
    func remove(_ back: BackHandler) {
        guard let at = back.bin.connections.firstIndex(where: { $0 === back }) else { return }
        back.bin.connections.remove(at: at)
    }

    /// Closes connections unused for too long.
    func sweep(_ now: NIODeadline) {
        sweptAt = now
        for bin in idle.values where bin.connections.isEmpty && bin.openCount == 0 {
            idle.removeValue(forKey: bin.key)
            if last === bin { last = nil }
        }
        let old = idle.values.flatMap(\.connections).filter { now - $0.idleSince > keepAlive }
        for back in old { back.close() }
    }

    /// Closes all unused connections.
    func closeIdle() {
        for back in idle.values.flatMap(\.connections) { back.close() }
    }
}

extension TimeAmount {
    /// The same time.
    init(_ duration: Duration) {
        let parts = duration.components
        self = .nanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
    }
}
