extension Duration {
    /// Whole nanoseconds, saturating far beyond any interval in use.
    var wholeNanoseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 1 << 32 else { return Int.max }
        return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
    }

    /// Seconds with fraction.
    var fractionalSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
