/// How hot a machine is. Linux: 85 °C is `warning`, 95 °C is `critical`; `unknown` without a sensor.
public enum ThermalLevel: UInt8, Hashable, Sendable, Codable {
    case unknown = 0
    case nominal = 1
    case warning = 2
    case critical = 3
}
