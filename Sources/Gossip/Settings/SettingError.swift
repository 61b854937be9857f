/// Why a setting cannot be written.
public enum SettingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The key is empty, too long, or has other characters than visible ASCII.
    case unusableKey
    /// The value is longer than 4,096 bytes.
    case valueTooLong
    /// There are 512 keys already, deleted ones of the last seven days included.
    case tooManyKeys
    /// All keys and values together would be more than 64 KiB.
    case tooLarge
    /// The versions that others wrote leave no room to count on.
    case versionsUsedUp

    /// In words.
    public var description: String {
        switch self {
        case .unusableKey: "a setting's key has 1 to 128 visible ASCII characters; shorten or rename it"
        case .valueTooLong: "a setting's value has at most 4096 bytes; shorten it"
        case .tooManyKeys: "a fleet has at most 512 settings, deleted ones count for seven days; delete some and wait"
        case .tooLarge: "a fleet's settings have at most 65536 bytes together; shorten or delete some"
        case .versionsUsedUp: "another peer used up the version numbers of this setting; write it under another key"
        }
    }
}
