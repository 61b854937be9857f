import NIOCore
import NIOHTTP1

/// One request and its answer, on the event loop of its connection.
final class Exchange {
    let core: EngineCore
    let head: HTTPRequestHead
    let body: [UInt8]
    /// SHA-256 of a file that was sent; its bytes are not kept.
    let blobDigest: String?
    /// The path without the query.
    let path: String
    let dialect: Dialect
    /// The request's number in the log.
    let number: Int
    let context: ChannelHandlerContext
    /// The generation that runs, if any.
    var generation: Generation?
    private var isFinished = false
    private static let loggedBody = 16_384

    init(core: EngineCore, context: ChannelHandlerContext, head: HTTPRequestHead, body: [UInt8], blobDigest: String? = nil) {
        self.core = core
        self.context = context
        self.head = head
        self.body = body
        self.blobDigest = blobDigest
        path = String(head.uri.prefix { $0 != "?" })
        dialect = Dialect(path: path)
        number = core.log.begin(
            method: head.method.rawValue, path: head.uri, body: String(decoding: body.prefix(Self.loggedBody), as: UTF8.self),
            headers: head.headers.map { [$0.name.lowercased(), $0.value] })
    }

    /// Answers, or begins to.
    func run(isTooLarge: Bool) {
        if isTooLarge {
            fail(DemoFailure(status: .payloadTooLarge, text: "http: request body too large"))
            return
        }
        let origin = head.headers.first(name: "origin")
        let allow = RouteTable.allow(path)
        if core.isLoopback, let host = head.headers.first(name: "host"), !Origins.isLocalHost(host) {
            send(.forbidden)
            return
        }
        if let origin {
            guard Origins.isAllowed(origin) else {
                send(.forbidden, headers: head.method == .OPTIONS ? allow.map { [("Allow", $0)] } ?? [] : [])
                return
            }
            if head.method == .OPTIONS {
                sendPreflight(origin, allow: allow)
                return
            }
        }
        guard let handler = RouteTable.handler(head.method, path, isLoopback: core.isLoopback) else {
            if let allow {
                send(.methodNotAllowed, type: "text/plain", text: "405 method not allowed", headers: [("Allow", allow)])
            } else {
                send(.notFound, type: "text/plain", text: "404 page not found")
            }
            return
        }
        do { try handler(self) } catch { fail(error) }
    }

    /// The connection takes bytes again.
    func resume() { generation?.resume() }

    /// The connection is gone.
    func clientLeft() {
        generation?.cancel()
        generation = nil
        finish(.cancelled)
    }

    /// Answers with an error in the caller's dialect.
    func fail(_ failure: DemoFailure) {
        let body = dialect.body(failure, requestID: "req_" + hexID(24))
        guard failure.isChunked else {
            send(failure.status, type: dialect.contentType(failure), text: body.text)
            return
        }
        begin(failure.status, type: dialect.contentType(failure), length: nil)
        write(body.text)
        end()
    }

    /// Answers with JSON.
    func send(_ value: JSONValue, type: String = "application/json; charset=utf-8") { send(.ok, type: type, text: value.text) }

    /// Answers. Like Go's server, a body of more than 2048 bytes goes out in chunks.
    func send(_ status: HTTPResponseStatus, type: String? = nil, text: String = "", headers: [(String, String)] = []) {
        begin(
            status, type: type, length: text.utf8.count > 2048 && head.method != .HEAD ? nil : text.utf8.count, headers: headers)
        if !text.isEmpty, head.method != .HEAD { write(text) }
        end()
    }

    /// Sends the head; without a length the body goes out in chunks.
    func begin(_ status: HTTPResponseStatus, type: String?, length: Int?, headers: [(String, String)] = []) {
        var response = HTTPResponseHead(version: head.version, status: status)
        if let type { response.headers.add(name: "Content-Type", value: type) }
        if let length { response.headers.add(name: "Content-Length", value: String(length)) }
        for (name, value) in headers { response.headers.replaceOrAdd(name: name, value: value) }
        if let origin = head.headers.first(name: "origin"), status != .forbidden, status != .noContent {
            response.headers.add(name: "Access-Control-Allow-Origin", value: origin)
            response.headers.add(name: "Vary", value: "Origin")
        }
        if !head.isKeepAlive { response.headers.replaceOrAdd(name: "Connection", value: "close") }
        core.log.update(number) { $0.status = Int(status.code) }
        context.write(NIOAny(HTTPServerResponsePart.head(response)), promise: nil)
    }

    /// Sends a part of the body.
    func write(_ text: String) {
        let buffer = context.channel.allocator.buffer(string: text)
        context.write(NIOAny(HTTPServerResponsePart.body(.byteBuffer(buffer))), promise: nil)
    }

    /// Ends the answer.
    func end(_ outcome: DemoLogEntry.Outcome = .completed) {
        finish(outcome)
        let done = context.writeAndFlush(NIOAny(HTTPServerResponsePart.end(nil)))
        if !head.isKeepAlive {
            let channel = context.channel
            done.whenComplete { _ in channel.close(promise: nil) }
        }
    }

    /// Closes the connection in the middle of it all.
    func cutOff() {
        finish(.failed)
        context.flush()
        context.close(promise: nil)
    }

    /// Hexadecimal digits that no other request has.
    func hexID(_ length: Int) -> String { String(ModelShelf.digest("\(number) \(core.nextNumber())").prefix(length)) }

    private func finish(_ outcome: DemoLogEntry.Outcome) {
        guard !isFinished else { return }
        isFinished = true
        let now = core.log.now
        core.log.update(number) { entry in
            entry.outcome = outcome
            entry.finishedMilliseconds = now
        }
    }

    private func sendPreflight(_ origin: String, allow: String?) {
        var headers = [
            ("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Methods", Origins.allowedMethods),
            ("Access-Control-Allow-Headers", Origins.allowedHeaders), ("Access-Control-Max-Age", "43200"),
            ("Vary", "Access-Control-Request-Headers"),
        ]
        if let allow { headers.append(("Allow", allow)) }
        begin(.noContent, type: nil, length: nil, headers: headers)
        end()
    }
}
