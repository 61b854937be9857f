/// What one peer sent within the last second, in steps of 50 ms.
struct ByteMeter: Sendable {
    private static let step: Int64 = 50_000_000
    private var slots: [Int] = Array(repeating: 0, count: 20)
    private var sum = 0
    private var current: Int64 = 0
    private var forgivenUntil: Int64 = 0

    /// Nothing counts until then.
    mutating func forgive(until time: Int64) { forgivenUntil = time }

    /// Counts bytes that are sent at a time; the sum of the last second.
    mutating func add(_ bytes: Int, at time: Int64) -> Int {
        let now = time / Self.step
        var steps = min(20, now - current)
        while steps > 0 {
            current = now - steps + 1
            let place = Int(current % 20)
            sum -= slots[place]
            slots[place] = 0
            steps -= 1
        }
        guard time >= forgivenUntil else { return 0 }
        slots[Int(now % 20)] += bytes
        sum += bytes
        return sum
    }
}
