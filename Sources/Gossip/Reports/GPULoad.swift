/// What one GPU has left now, part of a `HotReport`.
public struct GPULoad: Hashable, Sendable, Codable {
    /// Free memory, MiB.
    public var freeMiB: UInt32
    /// Use of its processors, percent, 0…100.
    public var busyPercent: UInt8

    /// A GPU's load.
    public init(freeMiB: UInt32, busyPercent: UInt8) {
        self.freeMiB = freeMiB
        self.busyPercent = busyPercent
    }
}
