/// All that a shard knows of one request.
public struct RequestRecord: Sendable, Hashable, Codable {
    /// Its attempts where it entered, first to last.
    public var attempts: [TraceRow]
    /// What was run for it, by the peers that ran it, by attempt.
    public var executions: [ExecutionRow]

    /// Both sides.
    public init(attempts: [TraceRow] = [], executions: [ExecutionRow] = []) {
        self.attempts = attempts
        self.executions = executions
    }
}
