import Gossip

/// The outages of each node on a poor wireless network: 0.1…0.5 s every 20 s or so, 1…3 s every ten minutes or so.
struct Outages: Sendable {
    private struct Node: Sendable {
        var until: Int64 = 0
        var nextShort: Int64
        var nextLong: Int64
    }

    private var nodes: [Node] = []

    /// Outages of `count` nodes from `tick` on; times are ticks of the wheel.
    init(_ count: Int, from tick: Int64, using generator: inout SeededGenerator) {
        for _ in 0..<count {
            nodes.append(
                Node(
                    nextShort: tick + Wheel<Int>.ticks(.random(in: 0...30, using: &generator)),
                    nextLong: tick + Wheel<Int>.ticks(.random(in: 0...900, using: &generator))))
        }
    }

    /// The node is in an outage at `tick`. Ticks never go back.
    mutating func isOut(_ place: Int, at tick: Int64, using generator: inout SeededGenerator) -> Bool {
        while nodes[place].nextShort <= tick {
            let end = nodes[place].nextShort + Wheel<Int>.ticks(.random(in: 0.1...0.5, using: &generator))
            nodes[place].until = max(nodes[place].until, end)
            nodes[place].nextShort += Wheel<Int>.ticks(.random(in: 10...30, using: &generator))
        }
        while nodes[place].nextLong <= tick {
            let end = nodes[place].nextLong + Wheel<Int>.ticks(.random(in: 1...3, using: &generator))
            nodes[place].until = max(nodes[place].until, end)
            nodes[place].nextLong += Wheel<Int>.ticks(.random(in: 300...900, using: &generator))
        }
        return tick < nodes[place].until
    }
}
