/// The columns of `executions` in the order of the insert; each means what the member of ``ExecutionRow`` with its name means.
public enum ExecutionColumn: Int32, RowColumn {
    /// The request.
    case requestID = 1
    /// Number of the attempt at the entry peer, from 1.
    case attempt
    /// The peer that accepted the client's request.
    case entryNodeID
    /// The model.
    case model
    /// The engine that ran it, as `kind` or `kind@address`; nil when it was not admitted.
    case backend
    /// admit or busy.
    case verdict
    /// Why busy.
    case reason
    /// Requests of this model that ran here when the verdict fell.
    case inFlight
    /// Requests that waited here when the verdict fell.
    case queueDepth
    /// How many may run at once.
    case slots
    /// Time that the engine took to load the model.
    case loadMilliseconds
    /// From sending to the engine until its last byte.
    case backendMilliseconds
    /// How it ended; the words of ``TraceRow/status``.
    case status
    /// Prompt tokens by the engine's count.
    case promptTokens
    /// Answer tokens by the engine's count.
    case completionTokens
    /// The epoch under whose router it ran, when a ticket brought it here.
    case routerEpoch
    /// The arrival on this peer's continuous clock, milliseconds since the program started.
    case clockMilliseconds
    /// Seconds since 1970, the row's only wall-clock stamp.
    case timestamp

    /// What every row of work has.
    public static let required: [ExecutionColumn] = [.requestID, .attempt, .entryNodeID, .model, .verdict, .timestamp]
}
