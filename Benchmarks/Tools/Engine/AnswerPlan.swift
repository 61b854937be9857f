/// What a request asks of the stand-in: its body says so in `options`, where relays leave unknown keys alone.
struct AnswerPlan: Equatable {
    /// In chunks; else one JSON body.
    var streams = false
    /// Chunks of a streamed answer, the last one included; at least 1.
    var chunks = 1
    /// From one chunk to the next; 0 sends as fast as the reader takes them.
    var interval: Int64 = 0
    /// Before the first byte of the answer, nanoseconds, like `interval`.
    var delay: Int64 = 0

    init(streams: Bool = false, chunks: Int = 1, interval: Int64 = 0, delay: Int64 = 0) {
        (self.streams, self.chunks, self.interval, self.delay) = (streams, chunks, interval, delay)
    }

    /// Reads a request's body. Without any of the keys it is one JSON answer, or eight chunks where the client wants a stream.
    init(body: UnsafeRawBufferPointer) {
        if let at = Bytes.offset(of: #""stream""#, in: body) {
            var next = at + 8
            while next < body.count, body[next] == 0x20 || body[next] == UInt8(ascii: ":") { next += 1 }
            streams = next < body.count && body[next] == UInt8(ascii: "t")
        }
        guard Bytes.offset(of: #""bench_"#, in: body) != nil else {
            chunks = streams ? 8 : 1
            return
        }
        chunks = max(1, Self.value(#""bench_chunks":"#, body) ?? 1)
        interval = Int64(Self.value(#""bench_interval_us":"#, body) ?? 0) * 1_000
        delay = Int64(Self.value(#""bench_delay_us":"#, body) ?? 0) * 1_000
    }

    private static func value(_ key: StaticString, _ body: UnsafeRawBufferPointer) -> Int? {
        Bytes.offset(of: key, in: body).flatMap { Bytes.number(body, from: $0 + key.utf8CodeUnitCount) }
    }
}
