import Gossip

extension ScaleWorld {
    /// Lets the peers greet each other, tell around whom they know, and elect, on a network that loses nothing.
    mutating func settle() {
        let wanted = conditions
        conditions = .clean
        isSettling = true
        let digits = peers.count < 10 ? 1 : (peers.count < 100 ? 2 : (peers.count < 1_000 ? 3 : 4))
        // Every member record is told 6 times the digits, within the byte cap.
        run(6 + Double(peers.count * digits * 6 * 39) / 13_000)
        isSettling = false
        conditions = wanted
        // What was not delivered is made up for.
        run(12)
    }

    /// Everybody takes everybody else for alive.
    public var isComplete: Bool { watch.acquaintances == peers.count * (peers.count - 1) }

    /// Crashes a random peer; seconds until the first and until the last living peer calls it unreachable. Nil after a minute
    /// and a half.
    mutating func crashOne() -> (first: Double, all: Double)? {
        let candidates = peers.indices.filter { peers[$0].isUp }
        let victim = candidates[Int.random(in: candidates.indices, using: &generator)]
        peers[victim].isUp = false
        watch.crash(victim)
        let since = wheel.tick
        let others = living
        run(90) { $0.watch.knowing >= others }
        guard watch.knowing >= others, let first = watch.firstKnown, let last = watch.lastKnown else { return nil }
        return (Self.seconds(first - since), Self.seconds(last - since))
    }

    /// One change of a random peer's hot record; seconds until half and until all others have it. Nil after a minute.
    mutating func spreadOne() -> (half: Double, all: Double)? {
        change(Int.random(in: peers.indices, using: &generator))
        run(60) { $0.spread?.allTold != nil }
        defer { spread = nil }
        guard let spread, let half = spread.halfTold, let all = spread.allTold else { return nil }
        return (Self.seconds(half - spread.since), Self.seconds(all - spread.since))
    }

    /// Ages of the hot records that the peers hold of each other, in seconds, of a random sample of pairs.
    mutating func ages(_ samples: Int) -> [Double] {
        var result: [Double] = []
        for _ in 0..<samples {
            let observer = Int.random(in: peers.indices, using: &generator)
            let subject = Int.random(in: peers.indices, using: &generator)
            guard observer != subject, let entry = peers[observer].herd.memberEntry(peers[subject].herd.selfRecord.id),
                entry.hot != nil
            else { continue }
            result.append(Double((instant - entry.hotMadeAt).wholeMilliseconds) / 1_000)
        }
        return result
    }

    static func seconds(_ ticks: Int64) -> Double { Double(ticks * Wheel<Int>.nanosecondsPerTick) / 1e9 }
}
