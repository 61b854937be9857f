public import Gossip

/// The hottest sensor that tells about the processors.
public struct ThermalReading: Hashable, Sendable {
    /// Degrees Celsius; nil without a sensor.
    public var celsius: Double?
    /// The sensor's name, for people; empty without a sensor.
    public var source: String

    /// A reading.
    public init(celsius: Double? = nil, source: String = "") {
        self.celsius = celsius
        self.source = source
    }

    /// `warning` from 85 °C, `critical` from 95 °C, `unknown` without a sensor.
    public var level: ThermalLevel {
        guard let celsius else { return .unknown }
        return celsius >= 95 ? .critical : celsius >= 85 ? .warning : .nominal
    }
}
