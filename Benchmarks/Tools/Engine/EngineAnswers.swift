import FoundationEssentials

/// The stand-in's answers, made once: what differs from one to the next is written over a fixed place.
struct EngineAnswers {
    /// Bytes of the JSON answer's body, as data-plane §8.4 has it.
    static let wholeSize = 608
    /// Bytes of one NDJSON line of a stream, without the framing.
    static let lineSize = 120

    let whole: [UInt8]
    let streamHead: [UInt8]
    private(set) var chunk: [UInt8]
    private(set) var lastChunk: [UInt8]
    let version: [UInt8]
    let tags: [UInt8]
    let running: [UInt8]
    let show: [UInt8]
    let root: [UInt8]
    let unknown: [UInt8]

    private static let stampAt = "78\r\n{\"sent\":\"".utf8.count

    /// Answers of an engine with these models, all of them loaded.
    init(models: [String]) {
        let json = "application/json; charset=utf-8"
        whole = Self.answer(json, Self.wholeBody(models.first ?? "bench"))
        streamHead = Array(
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        chunk = Self.framed(Self.padded(Self.line(rest: #""message":{"role":"assistant","content":"#), to: Self.lineSize))
        let counts = #""done":true,"done_reason":"stop","total_duration":1000000,"prompt_eval_count":26,"eval_count":64}"#
        lastChunk =
            Self.framed(Self.line(rest: #""message":{"role":"assistant","content":""},"# + counts + "\n"))
            + Array("0\r\n\r\n".utf8)
        version = Self.answer(json, #"{"version":"0.12.6"}"#)
        tags = Self.answer(json, Self.list(models, running: false))
        running = Self.answer(json, Self.list(models, running: true))
        let info = #"{"general.architecture":"llama","llama.context_length":8192}"#
        show = Self.answer(json, #"{"capabilities":["completion"],"details":{"family":"llama"},"model_info":\#(info)}"#)
        root = Self.answer("text/plain; charset=utf-8", "Ollama is running")
        unknown = Self.answer("text/plain; charset=utf-8", "404 page not found", status: "404 Not Found")
    }

    /// The next chunk, or the last one, with the time of its sending in it.
    mutating func stampedChunk(isLast: Bool, now: Int64) -> [UInt8] {
        if isLast {
            Self.stamp(&lastChunk, now)
            return lastChunk
        }
        Self.stamp(&chunk, now)
        return chunk
    }

    private static func stamp(_ bytes: inout [UInt8], _ now: Int64) {
        var rest = now
        var at = stampAt + ChunkLines.stampDigits
        while at > stampAt {
            at -= 1
            bytes[at] = UInt8(48 + rest % 10)
            rest /= 10
        }
    }

    private static func answer(_ type: String, _ body: String, status: String = "200 OK") -> [UInt8] {
        let head = "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        return Array((head + body).utf8)
    }

    private static func line(rest: String) -> String {
        #"{"sent":""# + String(repeating: "0", count: ChunkLines.stampDigits) + #"","# + rest
    }

    /// A line whose text content is filled up so that it has `size` bytes.
    private static func padded(_ start: String, to size: Int) -> String {
        let end = "},\"done\":false}\n"
        let room = size - start.utf8.count - end.utf8.count - 2
        return start + "\"" + String(repeating: "x", count: max(1, room)) + "\"" + end
    }

    private static func framed(_ line: String) -> [UInt8] {
        let size = String(line.utf8.count, radix: 16)
        return Array(((size.utf8.count < 2 ? "0" : "") + size + "\r\n" + line + "\r\n").utf8)
    }

    private static func wholeBody(_ model: String) -> String {
        let start = #"{"model":"\#(model)","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":""#
        let counts = #""total_duration":812345678,"load_duration":1234567,"prompt_eval_count":26,"prompt_eval_duration":81234567"#
        let end = #""},"done":true,"done_reason":"stop",\#(counts),"eval_count":64,"eval_duration":712345678}"#
        let words = "The quick brown fox jumps over the lazy dog, and the dog lets it. "
        let room = max(0, wholeSize - start.utf8.count - end.utf8.count)
        return start + String(String(repeating: words, count: room / words.count + 1).prefix(room)) + end
    }

    private static func list(_ models: [String], running: Bool) -> String {
        let entries = models.enumerated().map { number, name in
            let digits = String(number, radix: 16)
            let digest = String(repeating: "0", count: 64 - digits.utf8.count) + digits
            let details =
                #"{"parent_model":"","format":"gguf","family":"llama","parameter_size":"1B","quantization_level":"Q4_0"}"#
            let state = running ? #","size_vram":0,"context_length":8192,"expires_at":"2099-01-01T00:00:00Z""# : ""
            return #"{"name":"\#(name)","model":"\#(name)","modified_at":"2026-01-01T00:00:00Z","size":1000000,"#
                + #""digest":"\#(digest)","details":\#(details)\#(state)}"#
        }
        return #"{"models":["# + entries.joined(separator: ",") + "]}"
    }
}
