/// What one peer asks another about a pull: `POST /herd/v1/pulls`.
struct PullOrder: Sendable, Hashable, Codable {
    enum Step: String, Sendable, Codable {
        /// To the desk: see to it that some machine has the model.
        case provide
        /// To a machine: pull it into your Ollama.
        case fetch
        /// To a machine: do you pull it already?
        case look
    }

    var step: Step
    var model: String
    /// The answer may take so long; then it says how far it is.
    var waitMilliseconds: Int

    static let path = "/herd/v1/pulls"
    /// Larger bodies are refused, larger answers not read.
    static let maximumBytes = 8 << 10
    /// One question waits no longer than this; the asker asks again.
    static let longestWait = Duration.seconds(10)

    /// What is left of `wait` in one question.
    init(_ step: Step, model: String, wait: Duration = .zero) {
        self.step = step
        self.model = model
        waitMilliseconds = Int(max(.zero, min(wait, Self.longestWait)).milliseconds)
    }

    var wait: Duration { max(.zero, min(.milliseconds(waitMilliseconds), Self.longestWait)) }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
