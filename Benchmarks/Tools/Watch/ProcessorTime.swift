import FoundationEssentials

/// On-CPU time of processes by the scheduler's statistics, all threads together: `/proc/PID/task/*/schedstat`.
struct ProcessorTime {
    private struct Spent {
        var nanoseconds: Int64
        var isLoop: Bool
    }

    private var byThread: [Int32: Spent] = [:]

    /// Reads now. A thread that ends between two readings takes its time with it.
    init(of pids: [Int32]) {
        for pid in pids {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
            for name in names {
                guard let thread = Int32(name), let text = ProcFile.text("/proc/\(pid)/task/\(name)/schedstat"),
                    let time = text.split(separator: " ").first.flatMap({ Int64($0) })
                else { continue }
                let name = ProcFile.text("/proc/\(pid)/task/\(name)/comm") ?? ""
                byThread[thread] = Spent(nanoseconds: time, isLoop: name.hasPrefix("NIO-ELT"))
            }
        }
    }

    /// Seconds spent since `earlier`.
    ///
    /// - Parameter inLoops: by the threads alone that run SwiftNIO's event loops.
    func since(_ earlier: ProcessorTime, inLoops: Bool = false) -> Double {
        let nanoseconds = byThread.reduce(Int64(0)) { sum, entry in
            guard entry.value.isLoop || !inLoops else { return sum }
            return sum + max(0, entry.value.nanoseconds - (earlier.byThread[entry.key]?.nanoseconds ?? 0))
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
