import NIOPosix

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A client on a plain socket: sends exact bytes, reads what comes, with a time limit.
///
/// Its reads block threads of their own, so that the tasks of the server under test always find one.
final class RawClient {
    private static let readers: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 32)
        pool.start()
        return pool
    }()

    struct Failure: Error { var what: String }

    private var socket: Int32
    private var buffer: [UInt8] = []
    /// All bytes that were read and not consumed.
    var pending: String { String(decoding: buffer, as: UTF8.self) }

    init(port: Int, receiveBuffer: Int32? = nil) throws {
        #if os(Linux)
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        if var size = receiveBuffer { setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size)) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(what: "connect: errno \(errno)") }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close() }

    func close() {
        if socket >= 0 { _ = unistdClose(socket) }
        socket = -1
    }

    /// Closes with a reset instead of an orderly end.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var at = 0
        while at < bytes.count {
            let count = bytes[at...].withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Failure(what: "send: errno \(errno)") }
            at += count
        }
    }

    /// Reads once; false at the end of the stream.
    @discardableResult
    func readMore(limit seconds: Int32 = 20) async throws -> Bool {
        let descriptor = socket
        let bytes = try await Self.readers.runIfActive { () -> [UInt8]? in
            var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard Glibc.poll(&poll, 1, seconds * 1000) > 0 else { return nil }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            return Array(chunk[..<max(0, count)])
        }
        guard let bytes else { throw Failure(what: "nothing came in \(seconds) s; have: \(pending)") }
        buffer += bytes
        return !bytes.isEmpty
    }

    /// All bytes until the other side closes.
    func readToEnd() async throws -> String {
        while try await readMore() {}
        defer { buffer.removeAll() }
        return pending
    }

    /// Reads until `text` is among the unread bytes.
    func read(until text: String) async throws {
        while !pending.contains(text: text) {
            guard try await readMore() else { throw Failure(what: "closed before \(text); have: \(pending)") }
        }
    }

    /// Forgets the unread bytes but the last few; says how many were forgotten and whether `text` was at their end.
    func discard(lookingFor text: String) -> (count: Int, atEnd: Bool) {
        let atEnd = buffer.suffix(text.utf8.count).elementsEqual(text.utf8)
        let count = max(0, buffer.count - text.utf8.count)
        buffer.removeFirst(count)
        return (count, atEnd)
    }

    /// The other side has closed.
    func isClosed() async throws -> Bool {
        while try await readMore() {}
        return true
    }

    /// One response, interim ones skipped.
    func response() async throws -> Response {
        while true {
            try await read(until: "\r\n\r\n")
            let text = pending
            guard let end = text.range(of: "\r\n\r\n") else { throw Failure(what: "no head") }
            var response = Response(head: String(text[..<end.lowerBound]))
            buffer.removeFirst(response.head.utf8.count + 4)
            if response.status < 200 { continue }
            if response.status == 204 || response.status == 304 { return response }
            if response["transfer-encoding"] == "chunked" {
                try await readChunks(into: &response)
            } else if let length = response["content-length"].flatMap({ Int($0) }) {
                while buffer.count < length {
                    guard try await readMore() else { throw Failure(what: "closed within the body") }
                }
                response.raw = String(decoding: buffer[..<length], as: UTF8.self)
                response.body = response.raw
                buffer.removeFirst(length)
            } else {
                response.body = try await readToEnd()
                response.raw = response.body
            }
            return response
        }
    }

    private func readChunks(into response: inout Response) async throws {
        while true {
            while !pending.contains(text: "\r\n") {
                guard try await readMore() else { throw Failure(what: "closed between chunks after \(response.body)") }
            }
            let text = pending
            guard let end = text.range(of: "\r\n"), let size = Int(text[..<end.lowerBound], radix: 16) else {
                throw Failure(what: "bad chunk size: \(text)")
            }
            let header = text[..<end.upperBound].utf8.count
            while buffer.count < header + size + 2 {
                guard try await readMore() else { throw Failure(what: "closed within a chunk after \(response.body)") }
            }
            let whole = buffer[..<(header + size + 2)]
            response.raw += String(decoding: whole, as: UTF8.self)
            response.body += String(decoding: whole[header..<(header + size)], as: UTF8.self)
            buffer.removeFirst(header + size + 2)
            if size == 0 { return }
        }
    }

    struct Response {
        var head: String
        /// Body without framing.
        var body = ""
        /// Body with framing.
        var raw = ""

        init(head: String) { self.head = head }

        var status: Int { head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }

        subscript(_ name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name.lowercased() else { continue }
                return String(line[line.index(after: colon)...].drop(while: { $0 == " " }))
            }
            return nil
        }
    }
}

private func unistdClose(_ descriptor: Int32) -> Int32 { close(descriptor) }

/// The bytes of a POST.
func post(_ path: String, _ body: String, _ headers: String = "", version: String = "1.1") -> String {
    "POST \(path) HTTP/\(version)\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
}
