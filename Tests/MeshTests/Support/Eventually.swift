import Testing

/// Waits until `condition` holds, asking every 10 ms; records a failure after `limit`.
@discardableResult
func eventually(
    _ what: String, within limit: Duration = .seconds(30), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async rethrows -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while clock.now < end {
        if try await condition() { return true }
        try? await clock.sleep(for: .milliseconds(10))
    }
    if try await condition() { return true }
    Issue.record("did not happen within \(limit): \(what)", sourceLocation: sourceLocation)
    return false
}

/// Watches that `condition` stays false for a while: what must not happen would have happened by then.
func never(
    _ what: String, for time: Duration = .milliseconds(300), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async rethrows {
    let clock = ContinuousClock()
    let end = clock.now + time
    while clock.now < end {
        if try await condition() {
            Issue.record("happened: \(what)", sourceLocation: sourceLocation)
            return
        }
        try? await clock.sleep(for: .milliseconds(10))
    }
}
