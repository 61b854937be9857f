/// Reads the load average of the last minute from `/proc/loadavg`.
public struct LoadReader: Sendable {
    private let files: SystemFiles

    /// A reader of `files`.
    public init(files: SystemFiles) { self.files = files }

    /// Tasks that ran or wanted to, on average over one minute; nil where the file makes no sense.
    public func read() -> Double? {
        guard let first = files.line("/proc/loadavg")?.split(separator: " ").first, let load = Double(first),
            load.isFinite, load >= 0
        else { return nil }
        return load
    }
}
