import Glibc
import Gossip
import NIOCore
import NIOHTTP1
import NIOSSL

/// The channel handler of one connection to the router: asks for its facts every 30 seconds, which keeps the connection open and
/// tells whether the process behind it is still the expected peer.
final class RouterWatch: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// How the connection came to its end.
    enum End: Equatable {
        /// FIN or RST from the other side.
        case byPeer
        /// Any other way: proves nothing.
        case other
    }

    static let interval: TimeAmount = .seconds(30)
    static let answerLimit = 4_096

    private let expected: PeerID
    private let host: String
    private let token: String
    private let ended: (RouterWatch, End) -> Void
    private var context: ChannelHandlerContext?
    private var closedHere = false
    private var lostInTransit = false
    private var waiting = false
    private var answer: [UInt8] = []

    /// The expected peer has named itself on this connection.
    private(set) var isVerified = false

    init(expected: PeerID, host: String, token: String, ended: @escaping (RouterWatch, End) -> Void) {
        self.expected = expected
        self.host = host
        self.token = token
        self.ended = ended
    }

    func close() {
        closedHere = true
        context?.close(promise: nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        if closedHere { return context.close(promise: nil) }
        ask()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            answer = []
        case .body(let part):
            guard answer.count + part.readableBytes <= Self.answerLimit else { return close() }
            answer.append(contentsOf: part.readableBytesView)
        case .end:
            waiting = false
            // Another peer behind the same address: this connection says nothing about the router.
            guard let facts = MeshFacts(json: answer), facts.peerID == expected.hex else { return close() }
            isVerified = true
            schedule()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !Self.isEndByPeer(error) { lostInTransit = true }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        ended(self, closedHere || lostInTransit ? .other : .byPeer)
    }

    /// The other side's host has ended the connection. A process that dies says no goodbye in TLS either: then the end of the
    /// stream comes unannounced, which counts as what it is, a FIN.
    private static func isEndByPeer(_ error: any Error) -> Bool {
        if let error = error as? IOError { return error.errnoCode == ECONNRESET || error.errnoCode == EPIPE }
        guard let error = error as? NIOSSLError else { return false }
        return error == .uncleanShutdown || error == .handshakeFailed(.sslError([.eofDuringHandshake]))
    }

    private func ask() {
        guard let context else { return }
        // The last question was never answered: give up; that is silence, not a proof.
        if waiting { return close() }
        waiting = true
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: LinkCall.factsPath)
        head.headers.add(name: "Host", value: host)
        if !token.isEmpty { head.headers.add(name: LinkCall.fleetHeader, value: token) }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func schedule() {
        context?.eventLoop.assumeIsolated().scheduleTask(in: Self.interval) { [weak self] in self?.ask() }
    }
}
