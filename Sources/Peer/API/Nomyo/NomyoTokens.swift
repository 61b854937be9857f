import Insight
import Store

/// Tokens over all shards as NOMYO Router's pages want them: by node and model, without requests that have no node or no tokens.
struct NomyoTokens {
    let memory: FleetMemory
    let isLocal: Bool

    /// All tokens so far, sorted by node and model.
    func totals() async throws -> (rows: [Counted], shards: ShardCoverage) {
        let recalled = try await memory.recall(.counts(CountsQuery(by: [.node, .model])), isLocal: isLocal)
        return (Self.counting(recalled.part.counted), recalled.shards)
    }

    /// How many days of a model on a node lie before a moment, seconds since 1970.
    func days(before moment: Double) async throws -> (count: Int, shards: ShardCoverage) {
        let recalled = try await memory.recall(
            .counts(CountsQuery(by: [.day, .node, .model], until: moment)), isLocal: isLocal)
        return (Self.counting(recalled.part.counted).count, recalled.shards)
    }

    /// The minutes of a model under all names that it was written with, newest first.
    func minutes(_ models: [String]) async throws -> [TokenMinute] {
        try await memory.recall(.tokenMinutes(TokenMinutesQuery(models: Array(models.prefix(16)))), isLocal: isLocal).part.minutes
    }

    private static func counting(_ rows: [Counted]) -> [Counted] {
        rows.filter { $0.key.node?.isEmpty == false && ($0.promptTokens > 0 || $0.completionTokens > 0) }
    }
}
