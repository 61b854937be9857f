/// Writes an answer in a client's dialect, event by event.
protocol AnswerWriter: Sendable {
    /// Writes what one event makes.
    ///
    /// - Parameter elapsed: since the request was accepted.
    mutating func take(_ event: AnswerEvent, at elapsed: Duration, to output: inout [UInt8]) throws(TranslationError)

    /// Ends a stream that cannot go on: the dialect's error event.
    mutating func abort(_ error: TranslationError, at elapsed: Duration) -> [UInt8]
}
