/// What a request will get, token by token, known before it runs.
struct AnswerPlan: Sendable {
    /// One token of the answer.
    enum Piece: Sendable, Hashable {
        case thinking(String)
        case content(String)
    }

    private enum Source {
        case words([Piece], tokens: Int)
        case ticks
        case toolCall
    }

    private let source: Source
    /// Pieces that are sent.
    let count: Int
    /// Tokens of the answer with its end token.
    let evalCount: Int
    /// `stop` or `length`.
    let doneReason: String
    let promptTokens: Int

    /// Whether the answer is a call of the one tool that the stand-in knows.
    var isToolCall: Bool {
        if case .toolCall = source { return true }
        return false
    }

    /// The call's function and arguments.
    static let toolName = "get_weather"
    static let toolArguments: JSONValue = ["city": "Paris"]

    /// The known answer.
    /// - Parameter prompt: The request's text.
    /// - Parameter reply: The words to say.
    /// - Parameter thinking: The words to think first; nil = none.
    /// - Parameter limit: The most tokens; nil or negative = no limit.
    /// - Parameter stops: Texts that end the answer.
    /// - Parameter longLimit: The most tokens of the endless answer.
    init(prompt: DemoPrompt, reply: String, thinking: String?, limit: Int?, stops: [String] = [], longLimit: Int = 100_000) {
        promptTokens = prompt.tokens
        let limit = limit.flatMap { $0 < 0 ? nil : $0 }
        if prompt.isLong {
            source = .ticks
            count = min(limit ?? longLimit, longLimit)
            evalCount = count
            doneReason = "length"
            return
        }
        if prompt.wantsTool {
            source = .toolCall
            count = 0
            evalCount = 8
            doneReason = "stop"
            return
        }
        var text = Substring(reply)
        for stop in stops where !stop.isEmpty {
            if let range = text.firstRange(of: stop) { text = text[..<range.lowerBound] }
        }
        var pieces = (thinking.map(Self.words) ?? []).map(Piece.thinking)
        let thinkingEnd = pieces.isEmpty ? 0 : 1
        pieces += Self.words(String(text)).map(Piece.content)
        let total = pieces.count + thinkingEnd + 1
        source = .words(pieces, tokens: total)
        if let limit, limit < total {
            // The token that ends the thinking counts, but shows nothing.
            let thoughts = pieces.prefix { if case .thinking = $0 { true } else { false } }.count
            count = limit <= thoughts ? limit : max(limit - thinkingEnd, thoughts)
            evalCount = limit
            doneReason = "length"
        } else {
            count = pieces.count
            evalCount = total
            doneReason = "stop"
        }
    }

    /// The piece at a position below ``count``.
    func piece(at index: Int) -> Piece {
        switch source {
        case .words(let pieces, _): pieces.indices.contains(index) ? pieces[index] : .content("")
        case .ticks: .content(" tick\(index % 64)")
        case .toolCall: .content("")
        }
    }

    /// The words of a text; all but the first keep the blank before them.
    private static func words(_ text: String) -> [String] {
        text.split(separator: " ").enumerated().map { $0.offset == 0 ? String($0.element) : " " + $0.element }
    }
}
