/// One setting to be written.
public struct SettingWrite: Hashable, Sendable, Codable {
    /// Its name.
    public var key: String
    /// Its value; nil deletes it, so that every peer's own configuration counts again.
    public var value: String?

    /// A write.
    public init(key: String, value: String?) {
        self.key = key
        self.value = value
    }
}
