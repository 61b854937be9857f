internal import NIOCore
internal import NIOHTTP1

/// Writes heads as bytes: one buffer, one write.
enum HeadWriter {
    /// The first lines and all own header lines of a response; `finish` completes it.
    static func response(status: String, framing: ClientFraming, keepAlive: Bool) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 512)
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(status)
        buffer.writeStaticString("\r\n")
        switch framing {
        case .none, .close: break
        case .length(let count): buffer.writeHeader("Content-Length", "\(count)")
        case .chunked: buffer.writeHeader("Transfer-Encoding", "chunked")
        }
        if !keepAlive || framing == .close { buffer.writeHeader("Connection", "close") }
        return buffer
    }

    /// `404 Not Found`
    static func statusText(_ status: Int) -> String { "\(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)" }

    /// A whole response with a short body.
    static func answer(
        status: Int, contentType: StaticString?, body: ByteBuffer, keepAlive: Bool, headers: [(String, String)] = []
    ) -> ByteBuffer {
        var buffer = response(status: statusText(status), framing: .length(body.readableBytes), keepAlive: keepAlive)
        if let contentType { buffer.writeHeader("Content-Type", "\(contentType)") }
        for (name, value) in headers { buffer.writeHeader(name, value) }
        buffer.writeStaticString("\r\n")
        buffer.writeImmutableBuffer(body)
        return buffer
    }

    /// A request for an engine or peer: the client's headers without those of its own hop, then `own`.
    static func request(
        _ head: HTTPRequestHead, target: String, host: String, bodyBytes: Int, own: [(String, String)]
    ) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 768)
        buffer.writeStaticString("POST ")
        buffer.writeString(target)
        buffer.writeStaticString(" HTTP/1.1\r\n")
        buffer.writeHeader("Host", host)
        buffer.writeHeader("Content-Length", "\(bodyBytes)")
        for (name, value) in head.headers where !staysHere(name) { buffer.writeHeader(name, value) }
        for (name, value) in own { buffer.writeHeader(name, value) }
        buffer.writeStaticString("\r\n")
        return buffer
    }

    /// Headers of the client's own hop, framing, mesh, origin, and codings that would hide the stream from the marker watch.
    private static func staysHere(_ name: String) -> Bool {
        switch name.utf8.count {
        case 2: name.equalsIgnoringCase("te")
        case 4: name.equalsIgnoringCase("host")
        case 6: name.equalsIgnoringCase("origin") || name.equalsIgnoringCase("expect")
        case 7: name.equalsIgnoringCase("trailer") || name.equalsIgnoringCase("upgrade")
        case 10: name.equalsIgnoringCase("connection") || name.equalsIgnoringCase("keep-alive") || name.isMeshHeader
        case 14: name.equalsIgnoringCase("content-length") || name.isMeshHeader
        case 15: name.equalsIgnoringCase("accept-encoding") || name.isMeshHeader
        case 16: name.equalsIgnoringCase("proxy-connection") || name.isMeshHeader
        case 17: name.equalsIgnoringCase("transfer-encoding") || name.isMeshHeader
        case 19: name.equalsIgnoringCase("proxy-authorization") || name.isMeshHeader
        default: name.isMeshHeader
        }
    }
}

extension ByteBuffer {
    /// One header line. Control characters in `value` become `?`: names from request bodies must not end a line.
    mutating func writeHeader(_ name: String, _ value: String) {
        writeString(name)
        writeStaticString(": ")
        if value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            writeBytes(value.utf8.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 })
        } else {
            writeString(value)
        }
        writeStaticString("\r\n")
    }
}

extension String {
    /// `X-Herd-…`
    var isMeshHeader: Bool { utf8.count > 7 && String(prefix(7)).equalsIgnoringCase("x-herd-") }

    /// Equal to `lower`, which is lower-case ASCII, without regard to ASCII case.
    func equalsIgnoringCase(_ lower: String) -> Bool {
        guard utf8.count == lower.utf8.count else { return false }
        return zip(utf8, lower.utf8).allSatisfy { ($0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0) == $1 }
    }
}
