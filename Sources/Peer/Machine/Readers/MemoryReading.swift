public import Gossip

/// How much memory a machine has and has left.
public struct MemoryReading: Hashable, Sendable {
    /// All of it, bytes; a container's limit where that is lower.
    public var totalBytes: Int64
    /// What new work can have without swapping, bytes.
    public var availableBytes: Int64
    /// Share of the last ten seconds in which some task waited for memory, percent; nil where the kernel does not say (PSI).
    public var stalledPercent: Double?
    /// A container's limit is lower than the machine's memory.
    public var limitedByContainer = false

    /// A reading.
    public init(totalBytes: Int64, availableBytes: Int64, stalledPercent: Double? = nil) {
        self.totalBytes = totalBytes
        self.availableBytes = availableBytes
        self.stalledPercent = stalledPercent
    }

    /// The part that is in use, percent, 0…100.
    public var usedPercent: Double {
        guard totalBytes > 0 else { return 0 }
        return min(100, max(0, Double(totalBytes - availableBytes) * 100 / Double(totalBytes)))
    }

    /// `critical` from 95 % used, `warn` from 85 % used.
    ///
    /// Tasks that wait for memory (PSI, 10 % and more) make `warn` too, never `critical`: an engine that maps a big model waits
    /// as well.
    public var pressure: MemoryPressure {
        if usedPercent >= 95 { return .critical }
        if usedPercent >= 85 || (stalledPercent ?? 0) >= 10 { return .warn }
        return .normal
    }
}
