/// One request that the engine saw.
public struct DemoLogEntry: Sendable, Hashable, Codable {
    /// How a request ended.
    public enum Outcome: String, Sendable, Hashable, Codable {
        /// Waits or runs.
        case running
        /// Answered to the end, errors included.
        case completed
        /// The client left first; the generation was stopped.
        case cancelled
        /// Failed on purpose: see ``FailurePlan``.
        case failed
    }

    /// Counts from 1.
    public var number: Int
    /// The HTTP method.
    public var method: String
    /// With the query.
    public var path: String
    /// The first 16 KiB of the body as text.
    public var body: String
    /// Header names in lower case with their values, in order.
    public var headers: [[String]]
    /// The model.
    public var model: String?
    /// Milliseconds since the engine started.
    public var startedMilliseconds: Double
    /// When it got its slot; nil while it waits or when it needs none.
    public var admittedMilliseconds: Double?
    /// When it ended, milliseconds since the start; nil while it runs.
    public var finishedMilliseconds: Double?
    /// The HTTP status, nil when nothing was answered.
    public var status: Int?
    /// Tokens generated so far.
    public var tokens: Int
    /// How it ended.
    public var outcome: Outcome

    private enum CodingKeys: String, CodingKey {
        case number, method, path, body, headers, model
        case startedMilliseconds = "started_ms"
        case admittedMilliseconds = "admitted_ms"
        case finishedMilliseconds = "finished_ms"
        case status, tokens, outcome
    }
}
