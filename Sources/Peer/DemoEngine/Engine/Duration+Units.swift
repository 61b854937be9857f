import NIOCore

extension Duration {
    /// The same for a timer, at most a year.
    var timeAmount: TimeAmount { .nanoseconds(min(self, .seconds(365 * 86_400)).nanosecondCount) }

    /// Milliseconds with fraction.
    var milliseconds: Double { Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15 }

    /// Whole nanoseconds; Ollama's unit.
    var nanosecondCount: Int64 {
        let (seconds, attoseconds) = components
        guard seconds < 1 << 32 else { return .max }
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
