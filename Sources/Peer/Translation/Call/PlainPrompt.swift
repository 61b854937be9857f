/// A prompt without a template around it.
struct PlainPrompt: Sendable, Hashable {
    /// What stands before the gap.
    var text: String
    /// What stands behind it, for models that fill in.
    var suffix: String?
}
