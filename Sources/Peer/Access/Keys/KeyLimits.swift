/// How much a client key may be used at each peer that takes its requests; nil for no limit. They count inference only.
public struct KeyLimits: Sendable, Hashable {
    /// Requests under way at once, 1 to 10,000.
    public var concurrency: Int?
    /// Requests in a minute, 1 to 1,000,000. So many may come at once; then they come back evenly.
    public var requestsPerMinute: Int?
    /// Prompt and answer tokens in a day of UTC, 1 to 10¹².
    public var tokensPerDay: Int?

    /// What `concurrency` may be.
    public static let concurrencyRange = 1...10_000
    /// What `requestsPerMinute` may be.
    public static let requestsRange = 1...1_000_000
    /// What `tokensPerDay` may be.
    public static let tokensRange = 1...1_000_000_000_000

    /// Limits; none by default.
    public init(concurrency: Int? = nil, requestsPerMinute: Int? = nil, tokensPerDay: Int? = nil) {
        self.concurrency = concurrency
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerDay = tokensPerDay
    }

    /// Throws for a limit out of its range, with its name.
    func check() throws(ClientKeyProblem) {
        let all = [
            ("concurrency", concurrency, Self.concurrencyRange), ("requests per minute", requestsPerMinute, Self.requestsRange),
            ("tokens per day", tokensPerDay, Self.tokensRange),
        ]
        for case (let name, let value?, let range) in all where !range.contains(value) {
            throw .limit(name: name, range: range)
        }
    }
}
