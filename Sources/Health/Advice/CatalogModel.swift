/// A model that can be recommended.
public struct CatalogModel: Hashable, Sendable {
    /// Its name in Ollama's library.
    public var name: String
    /// For people.
    public var displayName: String
    /// What it is made for.
    public var kind: ModelKind
    /// Its weights, GB: what it takes on disk.
    public var gigabytes: Double
    /// How good it is among others of its kind, 0…100, in steps of five: an order by published results, no measurement.
    public var quality: Double

    init(_ name: String, _ displayName: String, _ kind: ModelKind, _ gigabytes: Double, _ quality: Double) {
        self.name = name
        self.displayName = displayName
        self.kind = kind
        self.gigabytes = gigabytes
        self.quality = quality
    }

    /// Memory that it takes, GB: its weights and a context.
    public var memoryGigabytes: Double { gigabytes * PinBudget.overhead }

    /// Its family: the name before the colon.
    public var family: String { Self.family(name) }

    /// The family of a model's name, without what stands before a slash.
    public static func family(_ name: String) -> String {
        let last = name.split(separator: "/").last ?? ""
        return String(last.split(separator: ":").first ?? "")
    }

    /// The entry of a name; a name without tag means the first of its family.
    static func named(_ name: String) -> CatalogModel? {
        let bare = name.hasSuffix(":latest") ? String(name.dropLast(7)) : name
        return all.first { $0.name == bare } ?? (bare.contains(":") ? nil : all.first { $0.family == bare })
    }

    /// All, in a fixed order. Sizes are those of the library's usual quantisation.
    public static let all: [CatalogModel] = [
        CatalogModel("llama3.3:70b", "Llama 3.3 70B", .general, 42.5, 85),
        CatalogModel("qwen3:32b", "Qwen 3 32B", .general, 20.2, 85),
        CatalogModel("qwen3:30b", "Qwen 3 30B (3B active)", .general, 18.6, 80),
        CatalogModel("gemma3:27b", "Gemma 3 27B", .general, 17.4, 80),
        CatalogModel("mistral-small:24b", "Mistral Small 24B", .general, 14.3, 75),
        CatalogModel("qwen3:14b", "Qwen 3 14B", .general, 9.3, 75),
        CatalogModel("gemma3:12b", "Gemma 3 12B", .general, 8.1, 70),
        CatalogModel("qwen3:8b", "Qwen 3 8B", .general, 5.2, 70),
        CatalogModel("llama3.1:8b", "Llama 3.1 8B", .general, 4.9, 65),
        CatalogModel("qwen3-coder:30b", "Qwen 3 Coder 30B (3B active)", .coding, 18.6, 85),
        CatalogModel("qwen2.5-coder:32b", "Qwen 2.5 Coder 32B", .coding, 19.9, 80),
        CatalogModel("devstral:24b", "Devstral 24B", .coding, 14.3, 80),
        CatalogModel("qwen2.5-coder:14b", "Qwen 2.5 Coder 14B", .coding, 9.0, 70),
        CatalogModel("qwen2.5-coder:7b", "Qwen 2.5 Coder 7B", .coding, 4.7, 65),
        CatalogModel("gpt-oss:120b", "gpt-oss 120B (5B active)", .reasoning, 65.4, 90),
        CatalogModel("deepseek-r1:70b", "DeepSeek R1 70B", .reasoning, 42.5, 85),
        CatalogModel("qwq:32b", "QwQ 32B", .reasoning, 19.9, 80),
        CatalogModel("gpt-oss:20b", "gpt-oss 20B (4B active)", .reasoning, 13.8, 80),
        CatalogModel("deepseek-r1:14b", "DeepSeek R1 14B", .reasoning, 9.0, 70),
        CatalogModel("deepseek-r1:8b", "DeepSeek R1 8B", .reasoning, 5.2, 65),
        CatalogModel("qwen2.5vl:32b", "Qwen 2.5 VL 32B", .vision, 21.2, 80),
        CatalogModel("llama3.2-vision:11b", "Llama 3.2 Vision 11B", .vision, 7.8, 70),
        CatalogModel("qwen2.5vl:7b", "Qwen 2.5 VL 7B", .vision, 6.0, 70),
        CatalogModel("moondream:1.8b", "Moondream 1.8B", .vision, 1.7, 45),
        CatalogModel("mistral-nemo:12b", "Mistral Nemo 12B", .creative, 7.1, 65),
        CatalogModel("nous-hermes2:10.7b", "Nous Hermes 2 10.7B", .creative, 6.1, 60),
        CatalogModel("qwen3:4b", "Qwen 3 4B", .fastChat, 2.5, 65),
        CatalogModel("gemma3:4b", "Gemma 3 4B", .fastChat, 3.3, 60),
        CatalogModel("llama3.2:3b", "Llama 3.2 3B", .fastChat, 2.0, 55),
        CatalogModel("qwen3:1.7b", "Qwen 3 1.7B", .fastChat, 1.4, 50),
        CatalogModel("gemma3:1b", "Gemma 3 1B", .fastChat, 0.8, 40),
    ]
}
