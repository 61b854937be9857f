/// A model that an engine lists, loaded or not.
public struct AvailableModel: Hashable, Sendable, Codable {
    /// Its name as the engine lists it.
    public var name: String
    /// The engine, by `BackendReport.id`.
    public var backend: String
    /// The engine's digest of the weights; empty where it has none.
    public var digest: String = ""
    /// The weights, bytes; 0 where the engine does not say.
    public var sizeBytes: Int64 = 0
    /// When it came onto the machine, RFC 3339; empty where the engine does not say.
    public var modifiedAt: String = ""
    /// `details` of Ollama's lists.
    public var parentModel: String = ""
    /// File format, `gguf` for most.
    public var format: String = ""
    /// Model family.
    public var family: String = ""
    /// All families.
    public var families: [String] = []
    /// Parameters as people write them: `7.6B`.
    public var parameterSize: String = ""
    /// Quantisation: `Q4_K_M`.
    public var quantization: String = ""
    /// What it can do, in Ollama's words: `completion`, `tools`, `vision`, `embedding`, `thinking`, `insert`. Empty: unknown.
    public var capabilities: [String] = []
    /// The context that it was trained for, tokens.
    public var contextLength: Int?

    /// A model of which only name and engine are known.
    public init(name: String, backend: String) {
        self.name = name
        self.backend = backend
    }
}
