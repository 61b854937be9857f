/// Entries of a peer's history, for logs, metrics and checkers.
public enum HerdNote: Sendable, Hashable {
    /// Election and lease.
    case lease(LeaseNote)
    /// A member's status changed.
    case status(PeerID, from: MemberStatus?, to: MemberStatus)
    /// This peer itself was suspected and answered with a new incarnation.
    case refuted(incarnation: UInt32)
    /// Somebody else lives under this peer's id: two live addresses, or a higher generation than its own.
    case identityClash(Endpoint)
    /// A peer speaks no protocol version that this one does: one of the two must be updated.
    case incompatible(PeerID, versions: ClosedRange<UInt8>)
    /// This peer wrote a fleet setting: as router, or without one as a local override.
    case settingWritten(SettingEntry, asRouter: Bool)
    /// A write that this peer held lost against one made without knowledge of it: two sides of a partition wrote the same key.
    case settingOverruled(lost: SettingEntry, by: SettingEntry)
    /// There was no room for this setting after a merge.
    case settingDropped(SettingEntry)
    /// This peer's own write was refused.
    case settingRefused(key: String, SettingError)
    /// Another peer sent settings that no honest peer can have.
    case settingsRefused(count: Int, from: PeerID)
}
