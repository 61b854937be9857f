import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// An engine that does what a test's script says, byte by byte: each request is handed to the script, which answers when it likes.
final class ScriptedUpstream: Sendable {
    /// A request as it came, head and body whole.
    struct Request: Sendable {
        var head: String
        var body: String
        var number: Int

        func header(_ name: String) -> String? {
            for line in head.split(separator: "\r\n") {
                guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name.lowercased() else { continue }
                return String(line[line.index(after: colon)...].drop(while: { $0 == " " }))
            }
            return nil
        }
    }

    /// One connection of the relay; usable from any thread.
    struct Connection: Sendable {
        let channel: any Channel

        func send(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }
        func send(_ bytes: ByteBuffer) { channel.writeAndFlush(bytes, promise: nil) }
        func close() { channel.close(promise: nil) }

        /// A 200 with a length.
        func answer(
            _ body: String, status: String = "200 OK", type: String = "application/json; charset=utf-8", headers: String = ""
        ) {
            send("HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }

        /// The head of a chunked answer.
        func begin(_ type: String = "application/x-ndjson") {
            send("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nTransfer-Encoding: chunked\r\n\r\n")
        }

        func chunk(_ text: String) { send(Self.chunked(text)) }

        func end() { send("0\r\n\r\n") }

        static func chunked(_ text: String) -> String { "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" }
    }

    typealias Script = @Sendable (Request, Connection) -> Void

    private struct State {
        var requests: [Request] = []
        var open = 0
        var opened = 0
        var bytesWanted = 0
    }

    private let state = Mutex(State())
    private let channel: any Channel
    let port: Int

    init(tls: NIOSSLContext? = nil, _ script: @escaping Script) async throws {
        let box = NIOLockedValueBox<ScriptedUpstream?>(nil)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(
                        Handler(
                            opened: { box.withLockedValue { $0 }?.changed(opened: true) },
                            closed: { box.withLockedValue { $0 }?.changed(opened: false) },
                            request: { head, body, channel in
                                guard let upstream = box.withLockedValue({ $0 }) else { return }
                                script(upstream.note(head, body), Connection(channel: channel))
                            }))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.channel = channel
        port = channel.localAddress?.port ?? 0
        box.withLockedValue { $0 = self }
    }

    var requests: [Request] { state.withLock { $0.requests } }
    var openConnections: Int { state.withLock { $0.open } }
    var connectionsEver: Int { state.withLock { $0.opened } }

    /// Stops listening: the next connection is refused.
    func stop() async { try? await channel.close() }

    private func note(_ head: String, _ body: String) -> Request {
        state.withLock { state in
            let request = Request(head: head, body: body, number: state.requests.count + 1)
            state.requests.append(request)
            return request
        }
    }

    private func changed(opened: Bool) {
        state.withLock { state in
            state.open += opened ? 1 : -1
            if opened { state.opened += 1 }
        }
    }

    /// Collects whole requests, by Content-Length.
    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private var pending = ByteBuffer()
        private let opened: () -> Void
        private let closed: () -> Void
        private let request: (String, String, any Channel) -> Void

        init(opened: @escaping () -> Void, closed: @escaping () -> Void, request: @escaping (String, String, any Channel) -> Void)
        {
            self.opened = opened
            self.closed = closed
            self.request = request
        }

        func channelActive(context: ChannelHandlerContext) { opened() }
        func channelInactive(context: ChannelHandlerContext) { closed() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            pending.writeImmutableBuffer(unwrapInboundIn(data))
            while let (head, body) = next() { request(head, body, context.channel) }
        }

        private func next() -> (String, String)? {
            let text = pending.getString(at: pending.readerIndex, length: min(pending.readableBytes, 16_384)) ?? ""
            guard let end = text.range(of: "\r\n\r\n") else { return nil }
            let head = String(text[..<end.lowerBound])
            let length =
                ScriptedUpstream.Request(head: head, body: "", number: 0).header("content-length").flatMap { Int($0) } ?? 0
            let headBytes = head.utf8.count + 4
            guard pending.readableBytes >= headBytes + length else { return nil }
            pending.moveReaderIndex(forwardBy: headBytes)
            return (head, pending.readString(length: length) ?? "")
        }
    }
}

extension String {
    /// Where `other` first occurs.
    func range(of other: String) -> Range<Index>? {
        guard !other.isEmpty, utf8.count >= other.utf8.count else { return nil }
        let needle = Array(other.utf8)
        let hay = Array(utf8)
        guard hay.count >= needle.count else { return nil }
        for from in 0...(hay.count - needle.count) where hay[from] == needle[0] {
            if hay[from..<from + needle.count].elementsEqual(needle) {
                let start = utf8.index(startIndex, offsetBy: from)
                return start..<utf8.index(start, offsetBy: needle.count)
            }
        }
        return nil
    }

    func contains(text: String) -> Bool { range(of: text) != nil }
}
