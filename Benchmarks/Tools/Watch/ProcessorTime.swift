import FoundationEssentials

/// On-CPU time of processes by the scheduler's statistics, all threads together: `/proc/PID/task/*/schedstat`.
struct ProcessorTime {
    private var byThread: [Int32: Int64] = [:]

    /// Reads now. A thread that ends between two readings takes its time with it.
    init(of pids: [Int32]) {
        for pid in pids {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
            for name in names {
                guard let thread = Int32(name), let text = ProcFile.text("/proc/\(pid)/task/\(name)/schedstat"),
                    let time = text.split(separator: " ").first.flatMap({ Int64($0) })
                else { continue }
                byThread[thread] = time
            }
        }
    }

    /// Seconds spent since `earlier`.
    func since(_ earlier: ProcessorTime) -> Double {
        let nanoseconds = byThread.reduce(Int64(0)) { sum, entry in
            sum + max(0, entry.value - (earlier.byThread[entry.key] ?? 0))
        }
        return Double(nanoseconds) / 1e9
    }

    /// Waits until the processes have nothing more to do: below 3 % of one core twice in a row, or `limit` is over.
    static func waitForCalm(_ pids: [Int32], limit: Duration = .seconds(2)) {
        guard !pids.isEmpty else { return }
        let end = Clock.now + Int64(limit.components.seconds) * 1_000_000_000
        var calm = 0
        var before = ProcessorTime(of: pids)
        var since = Clock.now
        while calm < 2, since < end {
            ProcFile.pause(milliseconds: 40)
            let now = ProcessorTime(of: pids)
            let time = Clock.now
            calm = now.since(before) < 0.03 * Double(time - since) / 1e9 ? calm + 1 : 0
            (before, since) = (now, time)
        }
    }
}
