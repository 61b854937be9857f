/// Counts what is kept of one answer until its end.
struct KeptBytes: Sendable, Hashable {
    private var count = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Counts `text` in.
    mutating func add(_ text: String) throws(TranslationError) {
        count += text.utf8.count
        guard count <= limit else { throw .tooLarge("the engine's answer is longer than \(limit) bytes") }
    }
}
