/// How short of memory a machine is. Linux: 85 % used is `warn`, 95 % is `critical`.
public enum MemoryPressure: UInt8, Hashable, Sendable, Codable {
    case normal = 0
    case warn = 1
    case critical = 2
}
