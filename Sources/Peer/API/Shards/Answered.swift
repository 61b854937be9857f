import Insight

/// An answer out of shards: its own keys, and `shards`, which says whose they are.
struct Answered<Body: Encodable>: Encodable {
    let body: Body
    let shards: ShardCoverage

    init(_ body: Body, _ shards: ShardCoverage) {
        self.body = body
        self.shards = shards
    }

    func encode(to encoder: any Encoder) throws {
        try body.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(shards, forKey: .shards)
    }

    private enum Key: String, CodingKey { case shards }
}
