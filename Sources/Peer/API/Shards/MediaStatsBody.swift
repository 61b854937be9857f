import Store

/// The answer of `GET /dashboard/api/image-stats` and `/transcription-stats`.
struct MediaStatsBody: Encodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// What the mean time is called.
    let timeKey: String
    /// Counts by node and model.
    let rows: [Counted]
    let recent: [TraceBody.Trace]

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        func put(_ name: String, _ value: some Encodable) throws { try container.encode(value, forKey: Key(stringValue: name)) }
        let all = rows.reduce(into: Counted(key: .init())) { $0.add($1) }
        try put("total", all.requests)
        try put("completed", all.completed)
        try put("failed", all.failed)
        try put(timeKey, all.latencyMean)
        try put("by_node", sums(\.node))
        try put("by_model", sums(\.model))
        try put("recent", recent)
    }

    private func sums(_ path: KeyPath<Counted.Key, String?>) -> [String: Int] {
        rows.reduce(into: [:]) { $0[$1.key[keyPath: path] ?? "", default: 0] += $1.requests }
    }
}
