/// The requests of a target, one per model, made once.
enum RequestBytes {
    /// Bytes of every body, as data-plane §8.4 has it.
    static let bodySize = 553

    static func all(_ target: LoadPlan.Target, _ plan: LoadPlan) -> [[UInt8]] {
        target.models.map { model in
            let body = body(model: model, plan, dialect: target.dialect)
            let lines = ["Host: 127.0.0.1:\(target.port)", "Content-Type: application/json", "Accept: */*"] + target.headers
            let head = "POST \(target.path) HTTP/1.1\r\n" + lines.joined(separator: "\r\n")
            return Array("\(head)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
        }
    }

    private static func body(model: String, _ plan: LoadPlan, dialect: String) -> String {
        let start = #"{"model":"\#(model)","messages":[{"role":"user","content":""#
        var end = #""}],"stream":\#(plan.streams)"#
        if dialect == "ollama" {
            end += #","options":{"bench_chunks":\#(plan.chunks),"bench_interval_us":\#(plan.intervalMicroseconds)"#
            end += #","bench_delay_us":\#(plan.delayMicroseconds)}"#
        }
        end += "}"
        let words = "Tell me, in a few words, why the sky is blue and the grass is green. "
        let room = max(0, bodySize - start.utf8.count - end.utf8.count)
        return start + String(String(repeating: words, count: room / words.count + 1).prefix(room)) + end
    }
}
