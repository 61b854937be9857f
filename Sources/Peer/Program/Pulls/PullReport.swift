/// How a pull stands: what peers tell each other about it.
struct PullReport: Sendable, Hashable, Codable {
    enum State: String, Sendable, Codable {
        /// It runs.
        case pulling
        /// The model is there.
        case here
        /// It ended without the model.
        case failed
        /// Too many pulls run: none was begun.
        case busy
        /// Nothing is known of it.
        case unknown
    }

    var state: State
    /// The machine's name; empty while none is chosen.
    var node = ""
    /// How much is there; nil while nobody knows.
    var percent: Int?
    /// Why it failed.
    var reason: String?

    init(_ state: State, node: String = "", percent: Int? = nil, reason: String? = nil) {
        self.state = state
        self.node = node
        self.percent = percent
        self.reason = reason.map { String($0.prefix(300)) }
    }

    /// `pulled to h2 (42 %)`
    var words: String {
        "being pulled" + (node.isEmpty ? "" : " to \(node)") + (percent.map { " (\($0) %)" } ?? "")
    }
}
