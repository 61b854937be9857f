/// Reads how busy the processors are from the first line of `/proc/stat`.
public struct CPUReader: Sendable {
    private let files: SystemFiles
    private var last: CPUTimes?

    /// A reader of `files`. It notes the counters now, so that the first reading covers the time since.
    public init(files: SystemFiles) {
        self.files = files
        last = Self.times(files)
    }

    /// Use of all cores since the last call, percent, 0…100; nil where nothing can be told yet.
    public mutating func read() -> Double? {
        guard let now = Self.times(files) else { return nil }
        defer { last = now }
        return last.flatMap { now.busyPercent(since: $0) }
    }

    private static func times(_ files: SystemFiles) -> CPUTimes? {
        // The file is long on large machines, but made line by line: only the first is asked for.
        files.text("/proc/stat", limit: 256).flatMap(CPUTimes.init(stat:))
    }
}
