/// Model names as Ollama compares them.
enum ModelName {
    /// The name with `:latest` when it has no tag.
    static func full(_ name: String) -> String {
        let last = name.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        return last.contains(":") ? name : name + ":latest"
    }

    /// The form in which names are compared: with tag, without case.
    static func key(_ name: String) -> String { full(name).lowercased() }

    /// Whether Ollama would accept it as a name.
    static func isValid(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 350 else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "/"): true
            default: false
            }
        }
    }
}
