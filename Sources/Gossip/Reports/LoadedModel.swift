/// A model in an engine's memory.
public struct LoadedModel: Hashable, Sendable, Codable {
    /// Its name as the engine lists it.
    public var name: String
    /// The engine, by `BackendReport.id`.
    public var backend: String
    /// The engine's digest of the weights; empty where it has none.
    public var digest: String
    /// Memory that it takes in all, bytes.
    public var sizeBytes: Int64
    /// The part of it on GPUs, bytes.
    public var vramBytes: Int64
    /// Its context per slot, tokens; nil where the engine does not say.
    public var contextLength: Int?
    /// Seconds until the engine drops it, at the time of the report; nil for never or unknown.
    public var expiresInSeconds: Int?

    /// A loaded model.
    public init(
        name: String, backend: String, digest: String = "", sizeBytes: Int64 = 0, vramBytes: Int64 = 0, contextLength: Int? = nil,
        expiresInSeconds: Int? = nil
    ) {
        self.name = name
        self.backend = backend
        self.digest = digest
        self.sizeBytes = sizeBytes
        self.vramBytes = vramBytes
        self.contextLength = contextLength
        self.expiresInSeconds = expiresInSeconds
    }
}
