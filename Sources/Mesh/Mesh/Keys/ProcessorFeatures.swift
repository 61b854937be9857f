/// What the processor can do, as the kernel tells it.
enum ProcessorFeatures {
    /// It has instructions for AES. False when that cannot be found out.
    static let hasAES: Bool = {
        guard let bytes = (try? DurableFile.read("/proc/cpuinfo", limit: 65_536)) ?? nil else { return false }
        return hasAES(cpuInfo: String(decoding: bytes, as: UTF8.self))
    }()

    /// Looks at the first processor's line `flags` (x86) or `Features` (ARM).
    static func hasAES(cpuInfo: String) -> Bool {
        for line in cpuInfo.split(separator: "\n") where line.hasPrefix("flags") || line.hasPrefix("Features") {
            return line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == ":" }).contains("aes")
        }
        return false
    }
}
