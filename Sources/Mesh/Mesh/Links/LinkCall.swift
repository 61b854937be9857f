import Gossip
import NIOCore
import NIOHTTP1
import NIOPosix

/// One HTTP/1.1 call to another peer: connect, ask, take the whole answer, close.
struct LinkCall: Sendable {
    static let syncPath = "/herd/v1/sync"
    static let factsPath = "/herd/v1/mesh"
    /// Proves that the caller is of the same fleet.
    static let fleetHeader = "X-Herd-Fleet"

    var method: HTTPMethod
    var path: String
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    var answerLimit: Int
    var connectTimeout: Duration = .seconds(3)
    var totalTimeout: Duration = .seconds(5)

    /// The body of a 200 answer. Call on `loop`; the result comes on it.
    func perform(at endpoint: Endpoint, on loop: any EventLoop) -> EventLoopFuture<[UInt8]> {
        let exchange = LinkExchange(call: self, host: AddressText.format(endpoint), promise: loop.makePromise())
        let bound = NIOLoopBound(exchange, eventLoop: loop)
        exchange.deadline = loop.assumeIsolated().scheduleTask(in: TimeAmount(totalTimeout)) {
            exchange.finish(.failure(.timedOut))
        }
        ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(connectTimeout))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .connect(to: endpoint.socketAddress)
            .assumeIsolated()
            .whenFailure { exchange.finish(.failure(LinkFailure($0))) }
        return exchange.promise.futureResult
    }
}
