/// Reads what this program takes of its machine, and how much of the machine's memory is swapped out.
public struct ProcessReader: Sendable {
    private let files: SystemFiles

    /// A reader of `files`.
    public init(files: SystemFiles = SystemFiles()) { self.files = files }

    /// Memory of this process that is in RAM, bytes; 0 where the system does not say.
    public var residentBytes: Int64 {
        files.text("/proc/self/status", limit: 8_192).flatMap { KeyedLines($0).kibibytes("VmRSS") } ?? 0
    }

    /// Processor time that this process has taken, user and system, seconds; 0 where the system does not say.
    public var processorSeconds: Double {
        // The command's name stands in parentheses and may hold blanks: the fields are counted from behind it (proc(5)).
        guard let text = files.text("/proc/self/stat", limit: 8_192), let end = text.lastIndex(of: ")") else { return 0 }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Self.ticksPerSecond
    }

    /// What `/proc` counts processor time in: the kernel shows user space a hundredth of a second on all machines (time(7)).
    private static let ticksPerSecond = 100.0

    /// Swap in use and in all, bytes; 0 where there is none.
    public var swap: (used: Int64, total: Int64) {
        guard let text = files.text("/proc/meminfo", limit: 8_192) else { return (0, 0) }
        let lines = KeyedLines(text)
        let total = max(0, lines.kibibytes("SwapTotal") ?? 0)
        return (max(0, total - (lines.kibibytes("SwapFree") ?? total)), total)
    }
}
