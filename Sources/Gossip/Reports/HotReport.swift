/// What a peer says of itself that changes from second to second (mesh protocol §4.1, record `hot`).
public struct HotReport: Hashable, Sendable, Codable {
    /// Requests that run on this peer's backends now.
    public var inFlight: UInt16 = 0
    /// Requests that wait on this peer for a slot.
    public var queued: UInt16 = 0
    /// Requests that this peer runs at once, over all its backends.
    public var slots: UInt16 = 0
    /// Processor use, percent of all cores, 0…100.
    public var cpuPercent: UInt8 = 0
    /// Memory that new work can have, MiB.
    public var memoryAvailableMiB: UInt32 = 0
    /// How short memory is.
    public var pressure: MemoryPressure = .normal
    /// The first four GPUs.
    public var gpus: [GPULoad] = []
    /// How hot the machine is.
    public var thermal: ThermalLevel = .unknown
    /// The hottest sensor, degrees Celsius; nil where there is none.
    public var temperatureCelsius: Int8?
    /// The machine runs on battery.
    public var onBattery = false
    /// The peer finishes what it has and takes nothing new.
    public var draining = false
    /// How likely the machine is free at this hour, 0…255 for 0…1; nil while nothing is known.
    public var availability: UInt8?
    /// The busiest six loaded models.
    public var loaded: [HotModel] = []

    /// A report of an idle machine of which nothing is known yet.
    public init() {}
}
