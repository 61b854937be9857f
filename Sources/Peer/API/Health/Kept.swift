/// Keeps an answer for a while, so that many pages that are open at once ask the fleet once. Whoever comes while it is made waits
/// for that one.
actor Kept<Value: Sendable> {
    private let time: Duration
    private let make: @Sendable (_ isLocal: Bool) async -> Value
    private var values: [Bool: (value: Value, at: ContinuousClock.Instant)] = [:]
    private var making: [Bool: Task<Value, Never>] = [:]

    init(for time: Duration, _ make: @escaping @Sendable (_ isLocal: Bool) async -> Value) {
        self.time = time
        self.make = make
    }

    /// The answer, of the fleet or of this peer alone; anew with `refresh`.
    func value(isLocal: Bool = false, refresh: Bool = false) async -> Value {
        if !refresh, let kept = values[isLocal], ContinuousClock.now - kept.at < time { return kept.value }
        if let running = making[isLocal] { return await running.value }
        let task = Task { [make] in await make(isLocal) }
        making[isLocal] = task
        let value = await task.value
        values[isLocal] = (value, .now)
        making[isLocal] = nil
        return value
    }
}
