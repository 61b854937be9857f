/// The largest sum of amounts within any one second.
struct SlidingWindow: Sendable {
    private var entries: [(tick: Int64, amount: Int)] = []
    private var head = 0
    private var sum = 0
    /// The largest sum so far.
    private(set) var most = 0

    /// Adds an amount at `tick`; ticks never go back.
    mutating func add(_ amount: Int, at tick: Int64) {
        let oldest = tick - Wheel<Int>.ticks(1)
        while head < entries.count, entries[head].tick <= oldest {
            sum -= entries[head].amount
            head += 1
        }
        if head > 64, head * 2 > entries.count {
            entries.removeFirst(head)
            head = 0
        }
        entries.append((tick, amount))
        sum += amount
        most = max(most, sum)
    }
}
