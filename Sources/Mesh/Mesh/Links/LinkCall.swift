import Gossip
import NIOCore
import NIOHTTP1
import NIOPosix

/// One HTTP/1.1 call to another peer: connect, ask, take the whole answer, close.
struct LinkCall: Sendable {
    static let syncPath = "/herd/v1/sync"
    static let factsPath = "/herd/v1/mesh"
    static let helloPath = "/herd/v1/hello"
    static let keysPath = "/herd/v1/keys"
    /// Proves that the caller is of the same fleet.
    static let fleetHeader = "X-Herd-Fleet"

    var method: HTTPMethod
    var path: String
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    var contentType = "application/json"
    var answerLimit: Int
    var connectTimeout: Duration = .seconds(3)
    var totalTimeout: Duration = .seconds(5)

    /// The body of a 200 answer over plain HTTP. Call on `loop`; the result comes on it.
    func perform(at endpoint: Endpoint, on loop: any EventLoop) -> EventLoopFuture<[UInt8]> {
        perform(at: endpoint, on: loop, links: nil, trust: .plain).map(\.body)
    }

    /// A 200 answer and the certificate of who gave it. `links` is needed for any trust but `plain`.
    func perform(
        at endpoint: Endpoint, on loop: any EventLoop, links: LinkSecurity?, trust: LinkTrust
    ) -> EventLoopFuture<LinkAnswer> {
        let exchange = LinkExchange(
            call: self, host: AddressText.format(endpoint), links: links, promise: loop.makePromise())
        let bound = NIOLoopBound(exchange, eventLoop: loop)
        exchange.deadline = loop.assumeIsolated().scheduleTask(in: TimeAmount(totalTimeout)) {
            exchange.finish(.failure(.timedOut))
        }
        ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(connectTimeout))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let refused: @Sendable () -> Void = { bound.value.wrongCertificate = true }
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandlers(Self.handlers(links, trust, refused))
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(bound.value)
                }
            }
            .connect(to: endpoint.socketAddress)
            .assumeIsolated()
            .whenFailure { exchange.finish(.failure(LinkFailure($0))) }
        return exchange.promise.futureResult
    }

    private static func handlers(
        _ links: LinkSecurity?, _ trust: LinkTrust, _ refused: @escaping @Sendable () -> Void
    ) throws -> [any ChannelHandler] {
        switch trust {
        case .plain: return []
        case .pinned(let pin):
            guard let links else { throw LinkFailure.wrongCertificate }
            return try links.clientHandlers(pinned: pin, refused: refused)
        case .provisional:
            guard let links else { throw LinkFailure.wrongCertificate }
            return try links.provisionalClientHandlers()
        }
    }
}
