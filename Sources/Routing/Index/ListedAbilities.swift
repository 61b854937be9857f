/// What an engine lists of a model, in Ollama's words.
struct ListedAbilities: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let completion = ListedAbilities(rawValue: 1)
    static let vision = ListedAbilities(rawValue: 2)
    static let tools = ListedAbilities(rawValue: 4)
    static let thinking = ListedAbilities(rawValue: 8)
    static let insert = ListedAbilities(rawValue: 16)
    static let audio = ListedAbilities(rawValue: 32)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ capabilities: [String]) {
        self = []
        for word in capabilities {
            switch word {
            case "completion": insert(.completion)
            case "vision": insert(.vision)
            case "multimodal": formUnion([.vision, .audio])
            case "audio": insert(.audio)
            case "tools": insert(.tools)
            case "thinking": insert(.thinking)
            case "insert": insert(.insert)
            default: break
            }
        }
    }
}
