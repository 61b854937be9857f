public import Gossip

/// One look at a machine: everything that changes from second to second.
public struct MachineSample: Hashable, Sendable {
    /// Memory; nil where the system does not say.
    public var memory: MemoryReading?
    /// Use of all cores since the last sample, percent, 0…100; nil in the very first moment.
    public var cpuPercent: Double?
    /// The load average of the last minute; nil where the system does not say.
    public var load: Double?
    /// The hottest sensor.
    public var thermal: ThermalReading
    /// Where the power comes from.
    public var power: PowerReading
    /// The disk of the data directory; nil where it cannot be asked.
    public var disk: DiskReading?
    /// The GPUs.
    public var gpus: [GPUReading]

    /// A sample; by default one of which nothing is known.
    public init(
        memory: MemoryReading? = nil, cpuPercent: Double? = nil, load: Double? = nil, thermal: ThermalReading = ThermalReading(),
        power: PowerReading = PowerReading(), disk: DiskReading? = nil, gpus: [GPUReading] = []
    ) {
        self.memory = memory
        self.cpuPercent = cpuPercent
        self.load = load
        self.thermal = thermal
        self.power = power
        self.disk = disk
        self.gpus = gpus
    }

    /// Writes what the machine knows into a hot report; requests, slots and models stay as they are.
    public func fill(_ report: inout HotReport) {
        report.cpuPercent = UInt8(min(100, max(0, (cpuPercent ?? 0).rounded())))
        report.memoryAvailableMiB = UInt32(clamping: (memory?.availableBytes ?? 0) >> 20)
        report.pressure = memory?.pressure ?? .normal
        report.gpus = gpus.prefix(4).map { gpu in
            GPULoad(freeMiB: UInt32(clamping: gpu.freeMiB), busyPercent: UInt8(min(100, max(0, gpu.busyPercent ?? 0))))
        }
        report.thermal = thermal.level
        report.temperatureCelsius = thermal.celsius.map { Int8(min(125, max(-125, $0.rounded()))) }
        report.onBattery = power.onBattery
    }
}
