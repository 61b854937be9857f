import NIOCore
import NIOHTTP1

/// The channel handler of one `LinkCall`.
final class LinkExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    let promise: EventLoopPromise<LinkAnswer>
    var deadline: Scheduled<Void>?
    private let call: LinkCall
    private let host: String
    private let links: LinkSecurity?
    /// The other side showed another certificate than the expected one.
    var wrongCertificate = false
    private var pin: [UInt8]?
    private var channel: (any Channel)?
    private var answer: [UInt8] = []
    private var finished = false

    init(call: LinkCall, host: String, links: LinkSecurity?, promise: EventLoopPromise<LinkAnswer>) {
        self.call = call
        self.host = host
        self.links = links
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        guard !finished else { return context.close(promise: nil) }
        channel = context.channel
        var head = HTTPRequestHead(version: .http1_1, method: call.method, uri: call.path)
        head.headers.add(name: "Host", value: host)
        head.headers.add(name: "Connection", value: "close")
        if !call.body.isEmpty {
            head.headers.add(name: "Content-Type", value: call.contentType)
            head.headers.add(name: "Content-Length", value: "\(call.body.count)")
        }
        for (name, value) in call.headers { head.headers.add(name: name, value: value) }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !call.body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: call.body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            pin = links?.peerPin(of: context.channel)
            if head.status != .ok { finish(.failure(.status(Int(head.status.code)))) }
        case .body(let part):
            guard !finished else { return }
            guard answer.count + part.readableBytes <= call.answerLimit else { return finish(.failure(.tooLong)) }
            answer.append(contentsOf: part.readableBytesView)
        case .end:
            finish(.success(LinkAnswer(body: answer, pin: pin)))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(wrongCertificate ? .wrongCertificate : .closed))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if wrongCertificate { return finish(.failure(.wrongCertificate)) }
        finish(.failure(error is HTTPParserError ? .malformed : LinkFailure(error)))
    }

    /// Settles the call once and closes its connection.
    func finish(_ result: Result<LinkAnswer, LinkFailure>) {
        guard !finished else { return }
        finished = true
        deadline?.cancel()
        promise.completeWith(result.mapError { $0 })
        channel?.close(promise: nil)
    }
}
