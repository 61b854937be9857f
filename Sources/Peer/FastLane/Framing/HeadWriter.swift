internal import NIOCore
internal import NIOHTTP1

/// Writes heads as bytes: one buffer, one write.
enum HeadWriter {
    /// `404 Not Found`
    static func statusText(_ status: Int) -> String { "\(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)" }

    /// A whole response with a short body.
    static func answer(
        status: Int, contentType: StaticString?, body: ByteBuffer, keepAlive: Bool, headers: [(String, String)] = []
    ) -> ByteBuffer {
        HeadBuilder.buffer(guess: 512 + body.readableBytes) { head in
            head.start(status: statusText(status), framing: .length(body.readableBytes), keepAlive: keepAlive)
            if let contentType {
                head.put("Content-Type: ")
                head.put(contentType)
                head.put("\r\n")
            }
            for (name, value) in headers { head.line(named: name, value) }
            head.put("\r\n")
            head.put(body)
        }
    }

    /// A request for an engine or peer: the client's lines without those of its own hop, then what `own` writes, then the body if
    /// it is short.
    ///
    /// - Parameter target: in the place of the client's; nil to keep that.
    static func request(
        _ request: RequestHead, target: String?, host: String, bodyBytes: Int, body: [ByteBuffer],
        own: (inout HeadBuilder) -> Void
    ) -> ByteBuffer {
        HeadBuilder.buffer(guess: request.bytes.count + 512 + body.reduce(0) { $0 + $1.readableBytes }) { head in
            head.put("POST ")
            if var target {
                target.withUTF8 { head.put(UnsafeRawBufferPointer($0)) }
            } else {
                request.withTarget { head.put(UnsafeRawBufferPointer($0)) }
            }
            head.put(" HTTP/1.1\r\nHost: ")
            head.value(host)
            head.line("Content-Length: ", bodyBytes)
            request.forEachPassedOn { head.put(UnsafeRawBufferPointer($0)) }
            own(&head)
            head.put("\r\n")
            for part in body { head.put(part) }
        }
    }
}

extension HeadBuilder {
    /// The first line of a response, and the lines that say how its body and its connection end.
    mutating func start(status: String, framing: ClientFraming, keepAlive: Bool) {
        put("HTTP/1.1 ")
        value(status)
        switch framing {
        case .none, .close: break
        case .length(let count): line("Content-Length: ", count)
        case .chunked: put("Transfer-Encoding: chunked\r\n")
        }
        if !keepAlive || framing == .close { put("Connection: close\r\n") }
    }
}

extension ByteBuffer {
    /// One header line. Control characters in `value` become `?`: names from request bodies must not end a line.
    mutating func writeHeader(_ name: String, _ value: String) {
        writeImmutableBuffer(HeadBuilder.buffer(guess: name.utf8.count + value.utf8.count + 4) { $0.line(named: name, value) })
    }
}
