import NIOCore
import NIOHTTP1

/// The channel handler of one `LinkCall`.
final class LinkExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    let promise: EventLoopPromise<[UInt8]>
    var deadline: Scheduled<Void>?
    private let call: LinkCall
    private let host: String
    private var channel: (any Channel)?
    private var answer: [UInt8] = []
    private var finished = false

    init(call: LinkCall, host: String, promise: EventLoopPromise<[UInt8]>) {
        self.call = call
        self.host = host
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        guard !finished else { return context.close(promise: nil) }
        channel = context.channel
        var head = HTTPRequestHead(version: .http1_1, method: call.method, uri: call.path)
        head.headers.add(name: "Host", value: host)
        head.headers.add(name: "Connection", value: "close")
        if !call.body.isEmpty {
            head.headers.add(name: "Content-Type", value: "application/json")
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
            if head.status != .ok { finish(.failure(.status(Int(head.status.code)))) }
        case .body(let part):
            guard !finished else { return }
            guard answer.count + part.readableBytes <= call.answerLimit else { return finish(.failure(.tooLong)) }
            answer.append(contentsOf: part.readableBytesView)
        case .end:
            finish(.success(answer))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(.closed))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failure(error is HTTPParserError ? .malformed : LinkFailure(error)))
    }

    /// Settles the call once and closes its connection.
    func finish(_ result: Result<[UInt8], LinkFailure>) {
        guard !finished else { return }
        finished = true
        deadline?.cancel()
        promise.completeWith(result.mapError { $0 })
        channel?.close(promise: nil)
    }
}
