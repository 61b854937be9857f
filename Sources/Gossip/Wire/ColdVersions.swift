/// The counters of a peer's cold records within its generation: a reader that knows older ones pulls them over TCP.
public struct ColdVersions: Hashable, Sendable, Codable {
    /// Counter of `models`.
    public var models: UInt32
    /// Counter of `static`.
    public var fixed: UInt32

    /// Counters; 0 for a record not written yet.
    public init(models: UInt32 = 0, fixed: UInt32 = 0) {
        self.models = models
        self.fixed = fixed
    }
}
