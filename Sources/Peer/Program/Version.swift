/// This program's version.
enum Version {
    /// Semantic version.
    static let text = "0.1.0"
}
