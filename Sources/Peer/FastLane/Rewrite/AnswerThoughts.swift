/// How much of a whole answer is thoughts. Ollama counts them together with the answer, so their share is that of their text.
struct AnswerThoughts: Equatable {
    /// Bytes of `thinking` or `reasoning`.
    var thinkingBytes = 0
    /// Bytes of `content` or `response`.
    var answerBytes = 0
    /// `reasoning_tokens`, where the engine counts them.
    var countedTokens: Int?

    /// Reads an answer of any of the engines' own APIs; what is no JSON has no thoughts.
    static func read(_ bytes: UnsafeRawBufferPointer) -> AnswerThoughts {
        var thoughts = AnswerThoughts()
        var walker = JSONWalker(bytes.bindMemory(to: UInt8.self))
        do throws(ScanError) {
            try thoughts.value(&walker)
            return thoughts
        } catch {
            return AnswerThoughts()
        }
    }

    /// The thoughts among `completion` tokens.
    func tokens(of completion: Int) -> Int {
        if let countedTokens { return max(0, min(completion, countedTokens)) }
        let all = thinkingBytes + answerBytes
        guard all > 0 else { return 0 }
        return Int((Double(completion) * Double(thinkingBytes) / Double(all)).rounded())
    }

    private mutating func value(_ walker: inout JSONWalker) throws(ScanError) {
        switch try walker.peek() {
        case UInt8(ascii: "{"): try walker.object { walker, key throws(ScanError) in try member(&walker, key) }
        case UInt8(ascii: "["): try walker.array { walker throws(ScanError) in try value(&walker) }
        default: try walker.value()
        }
    }

    private mutating func member(_ walker: inout JSONWalker, _ key: JSONWalker.Text) throws(ScanError) {
        let first = try walker.peek()
        if first == UInt8(ascii: "\"") {
            let count = try walker.string().count
            if walker.text(key, is: "thinking") || walker.text(key, is: "reasoning")
                || walker.text(key, is: "reasoning_content")
            {
                thinkingBytes += count
            } else if walker.text(key, is: "content") || walker.text(key, is: "response") || walker.text(key, is: "text") {
                answerBytes += count
            }
        } else if walker.text(key, is: "reasoning_tokens") {
            let from = walker.index
            if try walker.value() == .number {
                countedTokens = Int(String(decoding: walker.bytes[from..<walker.index], as: UTF8.self))
            }
        } else {
            try value(&walker)
        }
    }
}
