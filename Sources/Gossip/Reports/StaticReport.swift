/// What does not change while a peer runs (mesh protocol §4.1, record `static`).
public struct StaticReport: Hashable, Sendable, Codable {
    /// The display name: `node_id` in APIs.
    public var name: String
    /// Physical or logical cores.
    public var cores: Int = 0
    /// Memory, MiB.
    public var memoryTotalMiB: Int = 0
    /// Each GPU's name.
    public var gpuNames: [String] = []
    /// Each GPU's memory, MiB.
    public var gpuMemoryMiB: [Int] = []
    /// Memory bandwidth, GB/s, by the table of known chips; nil while unknown.
    public var bandwidthGBps: Double?
    /// Processor name.
    public var chip: String = ""
    /// `x86_64`, `arm64`, `apple_silicon`.
    public var arch: String = ""
    /// Operating system with version.
    public var os: String = ""
    /// Disk of the data directory, GiB.
    public var diskTotalGiB: Int = 0
    /// This program's version.
    public var version: String = ""
    /// The client API's port.
    public var apiPort: Int = 0

    /// A report that has only a name so far.
    public init(name: String) { self.name = name }
}
