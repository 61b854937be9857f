/// An answer of vectors: never a stream, no tokens.
struct VectorFormat: AnswerFormat {
    var type: String
    /// The body for the time it took.
    var body: (Duration) -> JSONValue

    var wholeType: String { type }

    mutating func piece(_ piece: AnswerPlan.Piece) -> String { "" }

    mutating func closing(_ end: AnswerEnd) -> String { "" }

    func brokenRunner() -> String { "" }

    func whole(_ pieces: [AnswerPlan.Piece], _ end: AnswerEnd) -> JSONValue { body(end.total) }
}
