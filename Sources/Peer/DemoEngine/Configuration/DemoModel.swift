/// A model that the stand-in pretends to have.
public struct DemoModel: Sendable, Hashable {
    /// Name with tag, for instance `tiny:latest`.
    public var name: String
    /// What `/api/show` says: completion, tools, thinking, embedding, vision, insert.
    public var capabilities: [String]
    /// What `/api/tags` says; real engines report less there.
    public var listedCapabilities: [String]
    /// Size of the file.
    public var sizeBytes: Int64
    /// Size in memory when loaded.
    public var loadedBytes: Int64
    /// The part of it in GPU memory.
    public var vramBytes: Int64
    /// The context that the model was trained for, in tokens.
    public var contextLength: Int
    /// Width of its embeddings.
    public var embeddingLength: Int
    /// Layers.
    public var blockCount: Int
    /// Model family.
    public var family: String
    /// For instance `8.0B`.
    public var parameterSize: String
    /// For instance `Q4_K_M`.
    public var quantization: String

    /// A model; a name without tag gets `:latest`, the other facts are those of the tiny test models unless given.
    public init(
        name: String, capabilities: [String] = ["completion", "tools"], listedCapabilities: [String]? = nil,
        sizeBytes: Int64 = 1_275_177, loadedBytes: Int64 = 8_870_952, vramBytes: Int64 = 0, contextLength: Int = 8192,
        embeddingLength: Int = 128, blockCount: Int = 2, family: String = "llama", parameterSize: String = "316K",
        quantization: String = "unknown"
    ) {
        self.name = ModelName.full(name)
        self.capabilities = capabilities
        self.listedCapabilities = listedCapabilities ?? capabilities
        self.sizeBytes = sizeBytes
        self.loadedBytes = loadedBytes
        self.vramBytes = vramBytes
        self.contextLength = contextLength
        self.embeddingLength = embeddingLength
        self.blockCount = blockCount
        self.family = family
        self.parameterSize = parameterSize
        self.quantization = quantization
    }

    /// The models of the recorded server.
    public static let recorded: [DemoModel] = [
        DemoModel(
            name: "tiny-think:latest", capabilities: ["tools", "thinking", "completion"], listedCapabilities: ["completion"],
            sizeBytes: 1_275_337),
        DemoModel(name: "tiny:latest", capabilities: ["tools", "completion"], listedCapabilities: ["completion"]),
        DemoModel(name: "tiny-go:latest", capabilities: ["completion", "tools"], sizeBytes: 1_275_690),
        DemoModel(name: "tiny-embed:latest", capabilities: ["embedding"], sizeBytes: 1_274_505),
    ]
}
