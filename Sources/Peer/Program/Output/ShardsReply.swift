/// Which shards are in an answer.
struct ShardsReply: Decodable {
    struct Missing: Decodable {
        let node_id: String
        let reason: String
    }

    let answered: Int
    let total: Int
    let missing: [Missing]

    /// A line for each shard that is not in it.
    var notes: [String] { missing.map { Terminal.plain("Without the shard of \($0.node_id): \($0.reason).") } }
}
