import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// What came back on one request.
struct TestResponse: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]
    /// The answer ended as HTTP wants it; false when the connection broke off.
    var isComplete: Bool

    var text: String { String(decoding: body, as: UTF8.self) }
    var isChunked: Bool { headers.first(name: "transfer-encoding") == "chunked" }
    /// The raw body split at LF; the last one is empty when the body ends in LF.
    var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
}

/// One connection to an engine, one request at a time.
final class TestConnection: Sendable {
    enum Event: Sendable {
        case head(HTTPResponseHead)
        case body([UInt8])
        case end
    }

    let channel: any Channel
    let events: AsyncStream<Event>

    private init(channel: any Channel, events: AsyncStream<Event>) {
        self.channel = channel
        self.events = events
    }

    static func open(port: Int, host: String = "127.0.0.1", autoRead: Bool = true) async throws -> TestConnection {
        let (events, continuation) = AsyncStream<Event>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: autoRead)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
            .connect(host: host, port: port).get()
        return TestConnection(channel: channel, events: events)
    }

    func send(_ method: HTTPMethod, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil) async throws {
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: HTTPHeaders(headers))
        if !head.headers.contains(name: "host") { head.headers.add(name: "Host", value: "127.0.0.1") }
        if let body { head.headers.add(name: "Content-Length", value: String(body.count)) }
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        if let body { channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil) }
        try await channel.writeAndFlush(HTTPClientRequestPart.end(nil))
    }

    /// Waits for the next answer to its end, or to the end of the connection.
    func response() async -> TestResponse? {
        var response: TestResponse?
        for await event in events {
            switch event {
            case .head(let head):
                response = TestResponse(status: Int(head.status.code), headers: head.headers, body: [], isComplete: false)
            case .body(let bytes): response?.body += bytes
            case .end:
                response?.isComplete = true
                return response
            }
        }
        return response
    }

    /// Waits until the answer's body contains a text; nil when it ends before.
    func bodyPart(containing text: String) async -> String? {
        var seen = ""
        for await event in events {
            if case .body(let bytes) = event { seen += String(decoding: bytes, as: UTF8.self) }
            if seen.contains(text) { return seen }
            if case .end = event { return nil }
        }
        return nil
    }

    func close() async { try? await channel.close() }

    /// One request on a connection of its own; nil when the connection closed without an answer.
    static func request(
        port: Int, _ method: HTTPMethod, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> TestResponse? {
        let connection = try await open(port: port)
        try await connection.send(method, path, headers: headers, body: body)
        let response = await connection.response()
        await connection.close()
        return response
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = HTTPClientResponsePart
        private let continuation: AsyncStream<Event>.Continuation

        init(_ continuation: AsyncStream<Event>.Continuation) { self.continuation = continuation }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): continuation.yield(.head(head))
            case .body(let buffer): continuation.yield(.body(Array(buffer.readableBytesView)))
            case .end: continuation.yield(.end)
            }
        }

        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
