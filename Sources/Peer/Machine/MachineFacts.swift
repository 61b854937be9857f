public import Gossip

/// What does not change on a machine while a peer runs.
public struct MachineFacts: Hashable, Sendable {
    /// The processor.
    public var processor: ProcessorFacts
    /// Memory, bytes; a container's limit where that is lower; 0 where unknown.
    public var memoryBytes: Int64
    /// The disk of the data directory, bytes; 0 where unknown.
    public var diskBytes: Int64
    /// The GPUs as they were at the start.
    public var gpus: [GPUReading]
    /// Operating system with version.
    public var system: String
    /// It has a battery.
    public var isLaptop: Bool
    /// How it reaches the network.
    public var link: LinkKind

    /// GB/s of the first GPU that the table knows, else of the processor; nil where neither is known.
    public var bandwidthGBps: Double? {
        for gpu in gpus {
            if let value = Bandwidth.gigabytesPerSecond(chip: gpu.name) { return value }
        }
        return Bandwidth.gigabytesPerSecond(chip: processor.chip)
    }

    /// The report that the fleet gets. `name` is the display name, `version` this program's, `apiPort` its client port.
    public func report(name: String, version: String, apiPort: Int) -> StaticReport {
        var report = StaticReport(name: name)
        report.cores = processor.cores
        report.memoryTotalMiB = Int(memoryBytes >> 20)
        report.gpuNames = gpus.map(\.name)
        report.gpuMemoryMiB = gpus.map(\.totalMiB)
        report.bandwidthGBps = bandwidthGBps
        report.chip = processor.chip
        report.arch = processor.arch
        report.os = system
        report.diskTotalGiB = Int(diskBytes >> 30)
        report.version = version
        report.apiPort = apiPort
        return report
    }
}
