/// What to measure: read as JSON from standard input. All times in the names' units.
struct LoadPlan: Decodable {
    /// One relay, or the engine itself.
    struct Target: Decodable {
        var name: String
        var port: UInt16
        var path: String
        /// `Name: value` lines for every request.
        var headers: [String]
        /// `ollama`, or `openai` without the keys that only the stand-in knows.
        var dialect: String
        /// The answer's body comes through as it is: its size is checked.
        var verbatim: Bool
        /// Models named by turns.
        var models: [String]
        /// Processes whose time is taken.
        var pids: [Int32]
    }

    var targets: [Target]
    var connections: Int
    var rounds: Int
    /// The part of a window that counts.
    var windowSeconds: Double
    /// Before it.
    var warmSeconds: Double
    var streams: Bool
    var chunks: Int
    var intervalMicroseconds: Int
    var delayMicroseconds: Int

    /// Refuses what cannot be meant.
    func check() throws(BenchProblem) {
        guard !targets.isEmpty, targets.allSatisfy({ !$0.models.isEmpty }) else {
            throw .words("no target, or one without models")
        }
        guard (1...20_000).contains(connections), (1...1_000).contains(rounds), windowSeconds > 0, windowSeconds <= 600,
            warmSeconds >= 0, warmSeconds <= 60, (1...1_000_000).contains(chunks),
            (0...600_000_000).contains(intervalMicroseconds), (0...600_000_000).contains(delayMicroseconds)
        else { throw .words("a number of the plan is out of its range") }
    }
}
