/// Who decided a write of settings.
public enum SettingScope: String, Hashable, Sendable, Codable {
    /// The router wrote it: it holds for the whole fleet.
    case fleet
    /// This peer wrote it by itself, because it was told to or because there is no router. It spreads like any other, and gives way
    /// to what a router of a later epoch writes.
    case local
}
