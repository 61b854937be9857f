import FastLane

/// The answer of `GET /api/cache/stats`.
struct CacheBody: Encodable {
    let enabled = true
    let hits: Int
    let misses: Int
    let hit_rate: Double
    /// Only the very same request counts as the same.
    let semantic = false
    let backend = "memory"
    let similarity_threshold = 1.0
    let history_weight = 0.0
    let entries: Int
    let bytes: Int

    private enum CodingKeys: String, CodingKey {
        case enabled, hits, misses, hit_rate, semantic, backend, similarity_threshold, history_weight, entries, bytes
    }

    init(_ figures: AnswerCache.Figures) {
        hits = figures.hits
        misses = figures.misses
        let all = figures.hits + figures.misses
        hit_rate = all > 0 ? (Double(figures.hits) / Double(all) * 10_000).rounded() / 10_000 : 0
        entries = figures.entries
        bytes = figures.bytes
    }
}
