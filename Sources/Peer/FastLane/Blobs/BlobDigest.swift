/// The name of a blob: `sha256:` and 64 hex digits.
public enum BlobDigest {
    /// The digest in the form in which it is compared; nil for what is none. Ollama also takes a hyphen for the colon.
    public static func canonical(_ text: String) -> String? {
        let bytes = text.utf8
        guard bytes.count == 71, text.hasPrefix("sha256:") || text.hasPrefix("sha256-") else { return nil }
        let digits = bytes.dropFirst(7)
        guard digits.allSatisfy({ ($0 >= 48 && $0 <= 57) || ($0 | 0x20 >= 97 && $0 | 0x20 <= 102) }) else { return nil }
        return "sha256:" + String(decoding: digits.map { $0 >= 65 && $0 <= 70 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
