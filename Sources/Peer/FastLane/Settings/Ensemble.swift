/// Has a request answered several times and the answers judged before the last answer is made: NOMYO Router's `moe-` models.
public struct Ensemble: Sendable {
    /// What is asked.
    public struct Question: Sendable {
        /// The request's body as the client sent it.
        public var body: [UInt8]
        /// The model without the prefix.
        public var model: String
        /// The path, its query included.
        public var target: String
        /// What lets the client in, for the requests that are made for it.
        public var credentials: [(String, String)]
    }

    /// What came of it.
    public enum Outcome: Sendable {
        /// The body of the last request, whose answer is the client's.
        case judge([UInt8])
        /// The words for the client, and a status.
        case failed(Int, String)
    }

    /// Requests of this kind that one peer works on at once; each makes six others.
    public static let limit = 8
    /// What such a model's name begins with.
    public static let prefix = "moe-"

    /// Asks. Called off the event loops; cancelled when the client leaves.
    public var prepare: @Sendable (Question) async -> Outcome

    /// By a closure.
    public init(prepare: @escaping @Sendable (Question) async -> Outcome) { self.prepare = prepare }
}
