/// What a client is told of its place in line.
struct WaitHint: Equatable {
    /// Counted from 1.
    var position: Int
    /// Until a slot is free, as measured runtimes promise; nil while none is known.
    var estimatedMilliseconds: Double?
    /// How many machines can serve it.
    var machines: Int

    /// Whole seconds for `Retry-After`, 1 to 120: the estimate, or 2 s per request and machine while nothing was measured.
    var retryAfterSeconds: Int {
        let milliseconds = estimatedMilliseconds ?? 2_000 * Double(position) / Double(max(1, machines))
        return Int(min(120, max(1, (milliseconds / 1_000).rounded(.up))))
    }

    /// For a sentence; empty while nothing was measured.
    var words: String { estimatedMilliseconds == nil ? "" : ", about \(retryAfterSeconds) s" }

    /// For the head of an answer.
    var headers: [(String, String)] {
        var all = [("X-Fleet-Queue-Position", "\(position)")]
        if let estimatedMilliseconds { all.append(("X-Fleet-Estimated-Wait-Ms", "\(Int(estimatedMilliseconds.rounded()))")) }
        return all
    }
}
