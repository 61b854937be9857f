internal import Gossip
internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import NIOPosix

/// Carries one blob, or the question after one, to an engine of this machine or to a peer, and the short answer back.
///
/// A blob may be larger than all memory: its bytes go on as they come, at the receiver's pace. So it cannot be sent twice, and
/// another machine can be tried only as long as none was connected to.
struct BlobCarrier: Sendable {
    /// Where a blob goes.
    struct Destination: Sendable {
        var address: SocketAddress
        var host: String
        /// The peer at that address; nil for an engine of this machine.
        var peer: PeerID?
    }

    /// The receiver's answer.
    struct Answer: Sendable {
        var status: Int
        var contentType: String?
        var length: String?
        var body: ByteBuffer
    }

    /// What happened to the sending half.
    private enum Half: Sendable {
        case sent
        case answered(Answer)
        /// The client's bytes ended before their time.
        case clientLeft
        /// The receiver takes no more; it may have said why.
        case refused
    }

    private static let answerLimit = 64 << 10

    let settings: LaneConfiguration
    let group: any EventLoopGroup

    /// Sends the order, with the bytes of the blob or as a question without them.
    func carry(
        _ order: BlobOrder, _ body: BlobBody?, to destination: Destination
    ) async throws(BlobProblem) -> Answer {
        let channel: NIOAsyncChannel<HTTPResponsePart, HTTPRequestPart>
        do {
            channel = try await connect(to: destination)
        } catch {
            throw .unreachable(UpstreamTrouble(error).words)
        }
        do {
            return try await channel.executeThenClose { inbound, outbound in
                try await Self.converse(head(order, body, destination), body, inbound, outbound)
            }
        } catch let problem as BlobProblem {
            throw problem
        } catch {
            throw .broken(UpstreamTrouble(error).words)
        }
    }

    private static func converse(
        _ head: HTTPRequest, _ body: BlobBody?, _ inbound: NIOAsyncChannelInboundStream<HTTPResponsePart>,
        _ outbound: NIOAsyncChannelOutboundWriter<HTTPRequestPart>
    ) async throws -> Answer {
        try await withThrowingTaskGroup(of: Half.self) { group in
            group.addTask { await send(head, body, outbound) }
            group.addTask { .answered(try await receive(inbound)) }
            defer { group.cancelAll() }
            while let half = try await group.next() {
                switch half {
                case .answered(let answer): return answer
                case .clientLeft: throw BlobProblem.clientLeft
                case .sent, .refused: continue
                }
            }
            throw BlobProblem.broken("it did not answer")
        }
    }

    private static func send(
        _ head: HTTPRequest, _ body: BlobBody?, _ outbound: NIOAsyncChannelOutboundWriter<HTTPRequestPart>
    ) async -> Half {
        do {
            try await outbound.write(.head(head))
        } catch {
            return .refused
        }
        if let body {
            do {
                for try await bytes in body {
                    guard (try? await outbound.write(.body(bytes))) != nil else { return .refused }
                }
            } catch {
                return .clientLeft
            }
        }
        return (try? await outbound.write(.end(nil))) == nil ? .refused : .sent
    }

    private static func receive(_ inbound: NIOAsyncChannelInboundStream<HTTPResponsePart>) async throws -> Answer {
        var answer: Answer?
        for try await part in inbound {
            switch part {
            case .head(let head) where head.status.kind == .informational: continue
            case .head(let head):
                answer = Answer(
                    status: head.status.code, contentType: head.headerFields[.contentType],
                    length: head.headerFields[.contentLength], body: ByteBuffer())
            case .body(let bytes):
                guard let size = answer?.body.readableBytes, size + bytes.readableBytes <= answerLimit else {
                    throw BlobProblem.broken("its answer is too long")
                }
                answer?.body.writeImmutableBuffer(bytes)
            case .end: if let answer { return answer }
            }
        }
        throw BlobProblem.broken("it closed the connection without an answer")
    }

    private func head(_ order: BlobOrder, _ body: BlobBody?, _ destination: Destination) -> HTTPRequest {
        var head = HTTPRequest(
            method: body == nil ? .head : .post, scheme: "http", authority: destination.host, path: order.target)
        if body != nil {
            head.headerFields[.contentType] = "application/octet-stream"
            if let length = order.length { head.headerFields[.contentLength] = "\(length)" }
        }
        if destination.peer != nil, let name = HTTPField.Name(HopHeaders.fleetName) {
            head.headerFields[name] = settings.link.token()
        }
        return head
    }

    // MARK: Connections

    private func connect(
        to destination: Destination
    ) async throws -> NIOAsyncChannel<HTTPResponsePart, HTTPRequestPart> {
        let tls = destination.peer == nil ? nil : settings.link.tls()
        let limits = (handshake: settings.handshakeLimit, silence: TimeAmount(settings.streamIdle))
        let channel = try await ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(settings.connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls, let peer = destination.peer {
                        try pipeline.addHandlers(tls.clientHandlers(peer))
                        try pipeline.addHandler(LinkHandshake(tls: tls, limit: limits.handshake))
                    }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(HTTP1ToHTTPClientCodec())
                    try pipeline.addHandlers([IdleStateHandler(allTimeout: limits.silence), SilenceEnds()])
                }
            }
            .connect(to: destination.address).get()
        do {
            if let tls, let peer = destination.peer { try await Self.shakeHands(channel, pin: tls.expectedPin(peer)) }
            return try await channel.eventLoop.submit {
                try NIOAsyncChannel(wrappingChannelSynchronously: channel)
            }.get()
        } catch {
            channel.close(promise: nil)
            throw error
        }
    }

    /// Waits for the handshake; the certificate must be the one known for the peer.
    private static func shakeHands(_ channel: any Channel, pin: [UInt8]?) async throws {
        try await channel.eventLoop.flatSubmit {
            let promise = channel.eventLoop.makePromise(of: Void.self)
            do {
                let handshake = try channel.pipeline.syncOperations.handler(type: LinkHandshake.self)
                handshake.whenEnded { refusal in
                    if let refusal { return promise.fail(refusal) }
                    if handshake.pin == pin { promise.succeed() } else { promise.fail(LinkRefusal.wrongPin) }
                }
            } catch {
                promise.fail(error)
            }
            return promise.futureResult
        }.get()
    }
}
