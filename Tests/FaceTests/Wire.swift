import HTTPStub

/// Answers of engines as bytes.
enum Wire {
    /// A streamed answer of these payloads, one chunk each; the connection ends behind it.
    static func stream(_ type: String, _ pieces: [String], ends: Bool = true) -> StubAnswer {
        let chunks = pieces.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
        return .raw(
            "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + chunks + (ends ? "0\r\n\r\n" : ""))
    }

    static let chat = #"{"model":"tiny","messages":[{"role":"user","content":"hi"}]}"#
    static let whole = #"{"model":"tiny","stream":false,"messages":[{"role":"user","content":"hi"}]}"#
    static let token = #"{"model":"tiny","message":{"role":"assistant","content":"a"},"done":false}"# + "\n"
    static let last = #"{"model":"tiny","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}"# + "\n"
}

/// Waits until `condition` holds, at most half a minute.
func eventually(_ condition: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(3))
    }
    return condition()
}
