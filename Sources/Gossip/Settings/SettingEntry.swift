/// One fleet setting as it travels and as it is kept.
public struct SettingEntry: Hashable, Sendable, Codable {
    /// Its name: 1…128 visible ASCII characters.
    public var key: String
    /// Its value, at most 4,096 bytes; nil when the key was deleted.
    public var value: String?
    /// Which write this is.
    public var version: SettingVersion
    /// The writes of this key that its writer knew of, newest first, at most four. Another write that is not among them was made
    /// without knowledge of this one: the two are in conflict.
    public var replaced: [SettingVersion]
    /// How long ago the key was deleted, seconds; 0 while it has a value.
    public var deletedSecondsAgo: UInt32

    /// An entry.
    public init(
        key: String, value: String?, version: SettingVersion, replaced: [SettingVersion] = [], deletedSecondsAgo: UInt32 = 0
    ) {
        self.key = key
        self.value = value
        self.version = version
        self.replaced = replaced
        self.deletedSecondsAgo = deletedSecondsAgo
    }

    /// How many earlier writes are named.
    public static let mostReplaced = 4
    /// The longest key, bytes.
    public static let longestKey = 128
    /// The longest value, bytes.
    public static let longestValue = 4_096

    /// Its lengths and characters are such as a peer may write.
    public var isWithinBounds: Bool {
        Self.isUsable(key: key) && (value?.utf8.count ?? 0) <= Self.longestValue && version.epoch <= 1 << 62
            && version.counter <= 1 << 62 && replaced.count <= Self.mostReplaced
            && zip([version] + replaced, replaced).allSatisfy { $0 > $1 }
    }

    /// The writer of this entry knew of `other`, or wrote so often since that nobody can tell.
    func knew(of other: SettingEntry) -> Bool {
        if replaced.contains(other.version) { return true }
        guard let oldest = replaced.last, replaced.count == Self.mostReplaced else { return false }
        return other.version < oldest
    }

    /// A key that may be written: visible ASCII, so that no two spellings of it are the same.
    static func isUsable(key: String) -> Bool {
        (1...longestKey).contains(key.utf8.count) && key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// The other entry of the same key wins. Equal versions of different values are nobody's honest writes; then the value
    /// decides, so that all peers still agree.
    func isOutdone(by other: SettingEntry) -> Bool {
        if version != other.version { return version < other.version }
        guard let theirs = other.value else { return false }
        guard let mine = value else { return true }
        return mine.utf8.lexicographicallyPrecedes(theirs.utf8)
    }

    /// It has the same value, byte for byte.
    func hasSameValue(as other: SettingEntry) -> Bool {
        value.map { Array($0.utf8) } == other.value.map { Array($0.utf8) }
    }
}
