/// How an attempt or a request ended (herd-compat §6.6).
public enum TraceStatus: String, Hashable, Sendable, Codable {
    /// The terminal marker was seen, or the whole body of a non-streamed answer.
    case completed
    /// Nobody could serve it, or the engine failed after the first body byte.
    case failed
    /// This attempt failed; another one followed.
    case retried
    /// The client went away.
    case clientDisconnected = "client_disconnected"
    /// The answer ended without its terminal marker.
    case incomplete
    /// It ended well, without a single token.
    case noOutput = "no_output"
    /// It was refused before any machine was tried.
    case rejected
}
