/// Records that travel by TCP only.
public enum ColdKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// A `ModelsReport`.
    case models
    /// A `StaticReport`.
    case fixed
}
