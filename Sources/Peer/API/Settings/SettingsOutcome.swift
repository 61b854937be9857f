/// What came of a write of settings.
public enum SettingsOutcome: Sendable, Hashable {
    /// The router wrote them, for the whole fleet.
    case fleet
    /// This peer wrote them by itself: they spread, and give way to what a later router writes.
    case local
    /// Nothing was written; says why.
    case refused(String)
}
