/// The columns of `request_traces` in the order of the insert; each means what the member of ``TraceRow`` with its name means.
public enum TraceColumn: Int32, RowColumn {
    /// The request, the same on all attempts and on the target's `executions` row.
    case requestID = 1
    /// The model that served or should have served.
    case model
    /// The model that the client asked for.
    case originalModel
    /// The node of this attempt; empty when none was found.
    case nodeID
    /// The winner's sum of signals.
    case score
    /// The winner's signals: a JSON object.
    case scoresBreakdown
    /// completed, failed, retried, client_disconnected, incomplete, no_output or rejected.
    case status
    /// From arrival to end.
    case latencyMilliseconds
    /// From arrival to the first body byte.
    case timeToFirstTokenMilliseconds
    /// Prompt tokens by the engine's count.
    case promptTokens
    /// Answer tokens by the engine's count.
    case completionTokens
    /// Attempts before this one.
    case retryCount
    /// Whether another model than the one asked for served.
    case fallbackUsed
    /// Nodes that were left out: a JSON array of ids.
    case excludedNodes
    /// The client's address.
    case clientIP
    /// openai, ollama, anthropic, responses, embed, rerank or systemone.
    case originalFormat
    /// What went wrong, in words.
    case errorMessage
    /// Seconds since 1970, the row's only wall-clock stamp.
    case timestamp
    /// A JSON array of strings.
    case tags
    /// The engine's reason to stop.
    case finishReason
    /// Tokens of the prompt as estimated before it ran.
    case estimatedTokens
    /// Number of this attempt, from 1; with the request id it joins the target's row.
    case attempt
    /// The engine that served, as `kind` or `kind@address`.
    case backend
    /// 0 = served here, 1 = on another peer.
    case hop
    /// Time in the router's queue.
    case ticketWaitMilliseconds
    /// The router that this peer obeyed.
    case routerID
    /// That router's epoch.
    case routerEpoch
    /// quorate or degraded.
    case routerMode
    /// All candidates with all signals, record version and age, and own delta: a JSON array.
    case candidates
    /// Each try: target, verdict, reason, milliseconds: a JSON array.
    case tries
    /// The arrival on this peer's continuous clock, milliseconds since the program started.
    case clockMilliseconds
    /// What the engine got in place of what the client sent.
    case rewrites
    /// Machines that could not serve, and why: a JSON array.
    case eliminated

    /// What every trace has.
    public static let required: [TraceColumn] = [.requestID, .model, .originalModel, .nodeID, .status, .timestamp]
}
