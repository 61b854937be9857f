/// One row of the traces, as far as health looks at it.
public struct TraceGlance: Sendable {
    /// The node; empty where none was found.
    public var node = ""
    /// The model.
    public var model = ""
    /// The model that the client asked for.
    public var originalModel = ""
    /// How it ended, in the words of the traces.
    public var status = ""
    /// The client's API family.
    public var format = ""
    /// From arrival to end, milliseconds.
    public var latency: Double?
    /// From arrival to the first body byte, milliseconds.
    public var firstToken: Double?
    /// Tokens of the prompt.
    public var promptTokens: Int?
    /// Tokens of the answer.
    public var completionTokens: Int?
    /// Another model than the one asked for served.
    public var isSubstituted = false
    /// What the engine got in place of what the client sent.
    public var rewrites = ""
    /// When it came, seconds since 1970.
    public var timestamp = 0.0

    /// An empty row.
    public init() {}
}

extension TrafficDigest {
    /// A first token that took longer means that the model was loaded meanwhile, milliseconds.
    public static let coldLoad = 40_000.0
    /// A failure after a longer time means that loading took too long, milliseconds.
    public static let loadTimeout = 120_000.0

    /// Adds what the counts per hour do not tell: all but the number of requests by status.
    ///
    /// - Parameter hourBegan: rows from this time on count as recent too, seconds since 1970.
    public mutating func look(at row: TraceGlance, hourBegan: Double) {
        if row.isSubstituted, row.status != "retried", substituted.count < Self.mostPairs || substituted[row.originalModel] != nil
        {
            substituted[row.originalModel, default: 0] += 1
        }
        change(node: row.node, model: row.model) { pair in
            pair.day.look(at: row)
            if row.timestamp >= hourBegan { pair.hour.look(at: row) }
        }
    }
}

extension TrafficCounts {
    mutating func look(at row: TraceGlance) {
        let isFailure = ["failed", "incomplete", "no_output", "rejected"].contains(row.status)
        if let firstToken = row.firstToken, firstToken > TrafficDigest.coldLoad { coldLoads += 1 }
        if row.status == "failed" || row.status == "retried", (row.latency ?? 0) > TrafficDigest.loadTimeout { loadTimeouts += 1 }
        guard row.status != "retried" else { return }
        count(row.format, isFailure: isFailure)
        if row.format == "anthropic" {
            anthropic += 1
            if isFailure, row.node.isEmpty { anthropicFailed += 1 }
        }
        countRewrites(row.rewrites)
        guard row.status == "completed" else { return }
        let prompt = row.promptTokens ?? 0
        let answer = row.completionTokens ?? 0
        if prompt + answer > 0 { tokens.add(Double(prompt + answer)) }
        if prompt > 0 { promptTokens.add(Double(prompt)) }
        if answer > 1, let latency = row.latency, let first = row.firstToken, latency > first {
            tokenTimes.add((latency - first) / Double(answer - 1))
        }
    }

    private mutating func count(_ format: String, isFailure: Bool) {
        let failure = isFailure ? 1 : 0
        switch format {
        case "embed": (embeddings, embeddingsFailed) = (embeddings + 1, embeddingsFailed + failure)
        case "image": (images, imagesFailed) = (images + 1, imagesFailed + failure)
        case "stt": (transcriptions, transcriptionsFailed) = (transcriptions + 1, transcriptionsFailed + failure)
        default: break
        }
    }

    /// `num_ctx=2048>4096`, `!num_ctx=8192>4096`, `^prompt=9000>4096`, commas between.
    private mutating func countRewrites(_ text: String) {
        guard !text.isEmpty else { return }
        for note in text.split(separator: ",") {
            let note = note.drop { $0 == " " }
            if note.hasPrefix("num_ctx=") { contextsKept += 1 }
            if note.hasPrefix("!") { contextReloads += 1 }
            if note.hasPrefix("^") { contextOverflows += 1 }
        }
    }
}
