/// Writes one answer in the words of a route: as a stream, or whole.
protocol AnswerFormat {
    /// Content type of the stream.
    var streamType: String { get }
    /// More headers of the stream.
    var streamHeaders: [(String, String)] { get }
    /// Content type of the whole answer.
    var wholeType: String { get }

    /// What comes before the first token.
    mutating func opening() -> String
    /// One token.
    mutating func piece(_ piece: AnswerPlan.Piece) -> String
    /// What comes after the last token, with the terminal marker.
    mutating func closing(_ end: AnswerEnd) -> String
    /// What a real server says when its runner dies in mid-stream, without a terminal marker.
    func brokenRunner() -> String
    /// The whole answer as one object.
    func whole(_ pieces: [AnswerPlan.Piece], _ end: AnswerEnd) -> JSONValue
}

extension AnswerFormat {
    var streamHeaders: [(String, String)] { [] }
    var streamType: String { "text/event-stream" }
    var wholeType: String { "application/json" }
    mutating func opening() -> String { "" }
}

extension [AnswerPlan.Piece] {
    /// The answer's text.
    var content: String {
        reduce(into: "") { text, piece in
            if case .content(let word) = piece { text += word }
        }
    }

    /// The thoughts; nil when there are none.
    var thinking: String? {
        let text = reduce(into: "") { text, piece in
            if case .thinking(let word) = piece { text += word }
        }
        return text.isEmpty ? nil : text
    }
}
