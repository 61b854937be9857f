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
        facts.days = { [shard, mesh] question in try await shard.days(for: question, own: mesh.identity.id.hex) }
        facts.keep = { [shard, mesh] days, pin in
            // Over TLS a peer sends its own days only.
            if let pin, let owner = PeerID(hex: days.owner), mesh.linkSecurity?.pin(of: owner) != pin {
                throw ShardError.query("the caller is not the owner of these days")
            }
            try await shard.keep(days)
        }
        facts.ask = { [mesh] peer, body, timeout in
            try await mesh.ask(
                peer, path: ShardQuestion.path, body: body, limit: ShardQuestion.maximumAnswerBytes, timeout: timeout)
        }
        return facts
    }
}
