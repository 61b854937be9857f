import Glibc

/// Small files of /proc.
enum ProcFile {
    /// The first 4 KiB of a file; nil when it cannot be read.
    static func text(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }

    /// Memory of processes that is in RAM, megabytes (10⁶ bytes), summed: `VmRSS`.
    static func residentMegabytes(_ pids: [Int32]) -> Double {
        pids.reduce(0) { sum, pid in
            guard let text = text("/proc/\(pid)/status"), let at = text.firstRange(of: "VmRSS:") else { return sum }
            let number = text[at.upperBound...].drop { $0 == " " || $0 == "\t" }.prefix { $0.isNumber }
            return sum + (Double(number) ?? 0) * 1_024 / 1e6
        }
    }

    /// Sleeps.
    static func pause(milliseconds: UInt32) { usleep(milliseconds * 1_000) }
}
