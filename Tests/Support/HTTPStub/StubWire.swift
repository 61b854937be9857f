import Foundation
import Glibc

/// Reads requests from and writes answers to a blocking socket.
enum StubWire {
    /// The next request of a connection, or nil at its end.
    static func request(from connection: Int32, rest: inout [UInt8]) -> StubRequest? {
        let blank: [UInt8] = [13, 10, 13, 10]
        var end: Int?
        while true {
            end = rest.indices.first { rest[$0...].starts(with: blank) }
            if end != nil { break }
            guard more(connection, &rest) else { return nil }
        }
        guard let end else { return nil }
        let lines = String(decoding: rest[..<end], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        let start = end + blank.count
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while rest.count < start + length {
            guard more(connection, &rest) else { return nil }
        }
        let body = String(decoding: rest[start..<start + length], as: UTF8.self)
        rest.removeFirst(start + length)
        return StubRequest(method: String(words[0]), path: String(words[1]), headers: headers, body: body)
    }

    /// Writes an answer; false when the connection is of no more use.
    static func send(_ answer: StubAnswer, to connection: Int32, head: Bool) -> Bool {
        switch answer {
        case .reply(let status, let headers, let body):
            let lines = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
            let text = "HTTP/1.1 \(status) Stub\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n"
            return write(Array((text + (head ? "" : body)).utf8), connection)
        case .parts(let parts):
            guard write(Array("HTTP/1.1 200 Stub\r\nTransfer-Encoding: chunked\r\n\r\n".utf8), connection) else { return false }
            for part in parts {
                let (seconds, attoseconds) = part.after.components
                Thread.sleep(forTimeInterval: Double(seconds) + Double(attoseconds) / 1e18)
                let size = Array((String(part.bytes.count, radix: 16) + "\r\n").utf8)
                guard write(size + part.bytes + [13, 10], connection) else { return false }
            }
            return write(Array("0\r\n\r\n".utf8), connection)
        case .silence:
            var rest: [UInt8] = []
            while more(connection, &rest) {}
            return false
        case .hangUp: return false
        case .broken(let length, let body):
            _ = write(Array("HTTP/1.1 200 Stub\r\nContent-Length: \(length)\r\n\r\n\(body)".utf8), connection)
            return false
        case .raw(let text):
            _ = write(Array(text.utf8), connection)
            return false
        }
    }

    private static func more(_ connection: Int32, _ rest: inout [UInt8]) -> Bool {
        var part = [UInt8](repeating: 0, count: 16384)
        let count = recv(connection, &part, part.count, 0)
        guard count > 0 else { return false }
        rest += part[..<count]
        return true
    }

    private static func write(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }
}
