import NIOCore
import NIOHTTP1
import NIOPosix

/// One request on a connection of its own.
enum FaceClient {
    struct Closed: Error {}

    static func ask(
        port: Int, _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> FaceAnswer {
        var pieces: [[UInt8]] = []
        if let body { pieces = [body] }
        return try await ask(
            port: port, method, path, headers: headers + (body.map { [("Content-Length", "\($0.count)")] } ?? []),
            pieces: pieces)
    }

    /// Sends the body piece by piece, each when the one before is out.
    static func ask(
        port: Int, _ method: String, _ path: String, headers: [(String, String)], pieces: some Sequence<[UInt8]> & Sendable
    ) async throws -> FaceAnswer {
        let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: FaceAnswer.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(Collector(promise))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        var head = HTTPRequestHead(version: .http1_1, method: .RAW(value: method), uri: path, headers: HTTPHeaders(headers))
        if method == "HEAD" { head.method = .HEAD }
        if !head.headers.contains(name: "host") { head.headers.add(name: "Host", value: "127.0.0.1") }
        do {
            channel.write(HTTPClientRequestPart.head(head), promise: nil)
            for piece in pieces {
                try await channel.writeAndFlush(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: piece))))
            }
            try await channel.writeAndFlush(HTTPClientRequestPart.end(nil))
        } catch {
            // The answer may have come all the same.
            channel.close(promise: nil)
        }
        defer { channel.close(promise: nil) }
        return try await promise.futureResult.get()
    }

    private final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = HTTPClientResponsePart
        private let promise: EventLoopPromise<FaceAnswer>
        private let answer = AnswerInProgress()

        init(_ promise: EventLoopPromise<FaceAnswer>) { self.promise = promise }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): answer.begin(head)
            case .body(let part): answer.add(part)
            case .end: promise.succeed(answer.whole)
            }
        }

        func channelInactive(context: ChannelHandlerContext) { promise.fail(Closed()) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
