import API
import Store

extension PeerParts {
    /// The tokens of this peer's shard.
    func tokens() -> TokenFacts {
        var facts = TokenFacts()
        facts.totals = { [shard] in
            await shard.flush()
            return try await shard.tokenTotals().map {
                TokenFacts.Total(node: $0.nodeID, model: $0.model, input: $0.promptTokens, output: $0.completionTokens)
            }
        }
        facts.minutes = { [shard] model in
            try await shard.tokenMinutes(model: model).map {
                TokenFacts.Minute(
                    node: $0.nodeID, begin: $0.minuteBucket, input: $0.promptTokens, output: $0.completionTokens)
            }
        }
        facts.days = { [shard] moment in try await shard.tokenDays(before: moment) }
        return facts
    }
}
