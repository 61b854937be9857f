/// One request as the stand-in reads it.
struct EngineRequest {
    /// What it asks for.
    enum Route {
        case inference, version, tags, running, show, root, unknown
    }

    /// More than this without a whole request is no benchmark.
    static let sizeLimit = 1 << 20

    var route: Route
    var body: UnsafeRawBufferPointer
    /// The connection stays open after the answer.
    var keepsAlive: Bool
    /// Bytes of head and body.
    var length: Int

    /// The request at the beginning of `bytes`; nil when more of it has to come.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws(BenchProblem) -> EngineRequest? {
        guard let end = Bytes.offset(of: "\r\n\r\n", in: bytes) else {
            guard bytes.count <= sizeLimit else { throw .words("a request head without an end") }
            return nil
        }
        var length = 0
        var keepsAlive = true
        var line = Bytes.offset(of: 0x0A, in: bytes).map { $0 + 1 } ?? end
        while line < end {
            let rest = Bytes.part(bytes, line, end + 2)
            switch bytes[line] | 0x20 {
            case UInt8(ascii: "c"):
                if Bytes.startsHeader(rest, "content-length") {
                    guard let value = Bytes.number(rest, from: 15), value <= sizeLimit else { throw .words("a body too large") }
                    length = value
                } else if Bytes.startsHeader(rest, "connection") {
                    keepsAlive = !Bytes.starts(Bytes.part(rest, 11), with: " close")
                }
            case UInt8(ascii: "t"):
                if Bytes.startsHeader(rest, "transfer-encoding") { throw .words("a chunked request body") }
            default: break
            }
            line = (Bytes.offset(of: 0x0A, in: bytes, from: line) ?? end) + 1
        }
        let start = end + 4
        guard bytes.count >= start + length else { return nil }
        return EngineRequest(
            route: route(bytes), body: Bytes.part(bytes, start, start + length), keepsAlive: keepsAlive, length: start + length)
    }

    private static func route(_ bytes: UnsafeRawBufferPointer) -> Route {
        if Bytes.starts(bytes, with: "POST /api/chat ") || Bytes.starts(bytes, with: "POST /api/generate ") { return .inference }
        if Bytes.starts(bytes, with: "GET /api/ps ") { return .running }
        if Bytes.starts(bytes, with: "GET /api/tags ") { return .tags }
        if Bytes.starts(bytes, with: "GET /api/version ") { return .version }
        if Bytes.starts(bytes, with: "POST /api/show ") { return .show }
        if Bytes.starts(bytes, with: "GET / ") || Bytes.starts(bytes, with: "HEAD / ") { return .root }
        return .unknown
    }
}
