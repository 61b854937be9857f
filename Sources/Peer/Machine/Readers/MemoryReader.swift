/// Reads memory from `/proc/meminfo`, its pressure from `/proc/pressure/memory`, and limits of a container (cgroup v2).
public struct MemoryReader: Sendable {
    private let files: SystemFiles

    /// A reader of `files`.
    public init(files: SystemFiles) { self.files = files }

    /// The state now, or nil where `/proc/meminfo` is missing or makes no sense.
    public func read() -> MemoryReading? {
        guard let text = files.text("/proc/meminfo", limit: 8192) else { return nil }
        let lines = KeyedLines(text)
        guard let total = lines.kibibytes("MemTotal"), total > 0 else { return nil }
        // Kernels before 3.14 have no MemAvailable.
        let spare = (lines.kibibytes("MemFree") ?? 0) + (lines.kibibytes("Cached") ?? 0) + (lines.kibibytes("Buffers") ?? 0)
        let available = min(total, max(0, lines.kibibytes("MemAvailable") ?? spare))
        var reading = MemoryReading(totalBytes: total, availableBytes: available, stalledPercent: stalledPercent())
        for limit in containerLimits() where limit.total < reading.totalBytes {
            reading.totalBytes = limit.total
            reading.availableBytes = min(reading.availableBytes, limit.available)
            reading.limitedByContainer = true
        }
        reading.availableBytes = min(reading.availableBytes, reading.totalBytes)
        return reading
    }

    /// `some avg10=1.23 …` → 1.23.
    private func stalledPercent() -> Double? {
        guard let line = files.line("/proc/pressure/memory"), line.hasPrefix("some ") else { return nil }
        for field in line.split(separator: " ") where field.hasPrefix("avg10=") {
            guard let value = Double(field.dropFirst(6)), value.isFinite else { return nil }
            return min(100, max(0, value))
        }
        return nil
    }

    /// The limits of the cgroup of this program and of all above it.
    ///
    /// The limit of this program's own service unit does not count: the engines run in units of their own.
    private func containerLimits() -> [(total: Int64, available: Int64)] {
        guard
            let line = files.text("/proc/self/cgroup", limit: 4096)?.split(separator: "\n").first(where: { $0.hasPrefix("0::") })
        else { return [] }
        var parts = line.dropFirst(3).split(separator: "/")
        guard parts.count <= 32, !parts.contains("..") else { return [] }
        if parts.last?.hasSuffix(".service") == true { parts.removeLast() }
        var limits: [(total: Int64, available: Int64)] = []
        while true {
            let folder = "/sys/fs/cgroup" + parts.map { "/" + $0 }.joined()
            if let most = files.number(folder + "/memory.max"), most > 0, let used = files.number(folder + "/memory.current") {
                // The page cache that nobody used lately is counted as used, but goes first.
                let stat = files.text(folder + "/memory.stat", limit: 8192) ?? ""
                let cache = KeyedLines(stat, separator: " ").number("inactive_file") ?? 0
                limits.append((most, min(most, max(0, most - max(0, used - cache)))))
            }
            if parts.isEmpty { return limits }
            parts.removeLast()
        }
    }
}
