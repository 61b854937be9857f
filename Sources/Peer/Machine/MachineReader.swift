public import Gossip

/// Looks at this machine: memory, processors, heat, power, disk and GPUs.
///
/// A sample reads a few small files and takes well under a millisecond. What changes slowly (heat, power, disk) is read every
/// five seconds; GPUs are asked in the background.
public actor MachineReader {
    private let files: SystemFiles
    private let memory: MemoryReader
    private var cpu: CPUReader
    private let load: LoadReader
    private let thermal: ThermalReader
    private let power: PowerReader
    private let disk: DiskReader
    private let gpus: GPUReader
    private let slowPace: Duration
    private var slow: (at: ContinuousClock.Instant, thermal: ThermalReading, power: PowerReading, disk: DiskReading?)?

    /// A reader of this machine.
    /// - Parameters:
    ///   - root: put before every system path; tests pass a tree of their own.
    ///   - diskPath: the data directory, whose disk is reported.
    ///   - gpus: the reader of GPUs; nil for the usual one.
    ///   - slowPace: how long heat, power and disk are taken as unchanged.
    public init(root: String = "", diskPath: String, gpus: GPUReader? = nil, slowPace: Duration = .seconds(5)) {
        files = SystemFiles(root: root)
        memory = MemoryReader(files: files)
        cpu = CPUReader(files: files)
        load = LoadReader(files: files)
        thermal = ThermalReader(files: files)
        power = PowerReader(files: files)
        disk = DiskReader(path: diskPath)
        self.gpus = gpus ?? GPUReader(files: files)
        self.slowPace = slowPace
    }

    /// The machine now.
    public func sample() async -> MachineSample {
        let now = ContinuousClock.now
        if slow.map({ now - $0.at >= slowPace }) ?? true {
            slow = (now, thermal.read(), power.read(), disk.read())
        }
        var sample = MachineSample(memory: memory.read(), cpuPercent: cpu.read(), load: load.read())
        sample.thermal = slow?.thermal ?? ThermalReading()
        sample.power = slow?.power ?? PowerReading()
        sample.disk = slow?.disk
        sample.gpus = await gpus.current()
        return sample
    }

    /// What does not change. Waits for the first answer about GPUs, at most some seconds.
    public func facts() async -> MachineFacts {
        MachineFacts(
            processor: ProcessorFacts(files: files), memoryBytes: memory.read()?.totalBytes ?? 0,
            diskBytes: disk.read()?.totalBytes ?? 0, gpus: await gpus.settled(), system: SystemName.read(files: files),
            isLaptop: power.read().isLaptop, link: LinkReader(files: files).read())
    }

    /// The machine's part of the static report.
    public func fixedFacts(name: String, version: String, apiPort: Int) async -> StaticReport {
        await facts().report(name: name, version: version, apiPort: apiPort)
    }
}
