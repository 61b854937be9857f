import API
import Gossip
import Insight
import Mesh
import Store

extension PeerParts {
    /// This peer's shard, and the way to the others'.
    func shards() -> ShardFacts {
        var facts = ShardFacts()
        facts.own = { [shard, mesh] query in try await shard.answer(query, own: mesh.identity.id.hex) }
        facts.ask = { [mesh] peer, body, timeout in
            try await mesh.ask(
                peer, path: ShardQuestion.path, body: body, limit: ShardQuestion.maximumAnswerBytes, timeout: timeout)
        }
        return facts
    }
}
