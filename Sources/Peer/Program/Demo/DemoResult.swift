/// What a demonstration counted.
struct DemoResult: Codable, Sendable {
    /// Requests sent.
    var requests = 0
    /// Requests answered in full.
    var answered = 0
    /// Requests that failed.
    var failed = 0
    /// From the router's end until the others had a new one, milliseconds.
    var failoverMilliseconds: Double?
    /// Answers by the node that gave them.
    var byNode: [String: Int] = [:]
}
