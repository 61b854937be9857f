/// One GPU now.
public struct GPUReading: Hashable, Sendable {
    /// Its name as the driver says it.
    public var name: String
    /// Its memory, MiB; 0 where it shares the machine's.
    public var totalMiB: Int
    /// What of it is free, MiB.
    public var freeMiB: Int
    /// Use of its processors, percent, 0…100; nil where the driver does not say.
    public var busyPercent: Int?

    /// A reading.
    public init(name: String, totalMiB: Int, freeMiB: Int, busyPercent: Int? = nil) {
        self.name = name
        self.totalMiB = totalMiB
        self.freeMiB = freeMiB
        self.busyPercent = busyPercent
    }
}
