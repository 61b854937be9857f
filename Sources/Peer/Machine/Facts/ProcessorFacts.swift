import Glibc

/// The processor: what does not change while a program runs.
public struct ProcessorFacts: Hashable, Sendable {
    /// Its name; empty where the system does not say.
    public var chip: String
    /// Physical cores; logical ones where the system does not tell them apart. At least 1.
    public var cores: Int
    /// `x86_64`, `arm64`, or the system's word for another one.
    public var arch: String

    /// Reads `/proc/cpuinfo`, the device tree on ARM boards, and asks the kernel for the architecture.
    public init(files: SystemFiles) {
        let lines = (files.text("/proc/cpuinfo", limit: 1 << 20) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        var logical = 0
        var socket: Substring = ""
        var physical: Set<String> = []
        var name = ""
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingBlanks()
            switch line[..<colon].trimmingBlanks() {
            case "processor": logical += 1
            case "physical id": socket = value
            case "core id": physical.insert("\(socket)/\(value)")
            case "model name" where name.isEmpty: name = String(value)
            default: continue
            }
        }
        if name.isEmpty { name = files.line("/sys/firmware/devicetree/base/model") ?? "" }
        chip = String(name.prefix(128))
        cores = max(1, physical.isEmpty ? logical : physical.count)
        arch = Self.machine()
    }

    private static func machine() -> String {
        var names = utsname()
        guard uname(&names) == 0 else { return "" }
        let word = withUnsafePointer(to: &names.machine) {
            $0.withMemoryRebound(to: CChar.self, capacity: 65) { String(cString: $0) }
        }
        return word == "aarch64" ? "arm64" : word
    }
}
