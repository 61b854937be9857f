import Gossip

extension Experiment {
    /// A fleet of this cell in which everybody knows everybody.
    ///
    /// Large fleets take long to settle: they settle once, and `fleets` keeps them.
    func world(_ number: UInt64, _ fleets: inout SettledFleets) -> ScaleWorld {
        let seed = seed &* 1_000 &+ number
        return fleets.fleet(variant, peers, lease: lease, seed: seed).copy(conditions, seed: seed)
    }

    /// So many crashes, one after the other; in small fleets each in a fleet of its own.
    public func detection(crashes: Int, _ fleets: inout SettledFleets) -> Detection {
        let perWorld = peers < 50 ? 1 : max(2, min(16, peers / 25))
        var first: [Double] = []
        var all: [Double] = []
        var missed = 0
        var number: UInt64 = 0
        while first.count + missed < crashes {
            var world = world(number, &fleets)
            number += 1
            for _ in 0..<min(perWorld, crashes - first.count - missed) {
                world.run(Double.random(in: 2...8, using: &world.generator))
                guard let times = world.crashOne() else {
                    missed += 1
                    continue
                }
                first.append(times.first)
                all.append(times.all)
            }
        }
        return Detection(first: Sample(first), all: Sample(all), missed: missed)
    }

    /// So many seconds without a crash, in fleets of at most an hour each.
    public func mistakes(seconds: Double, _ fleets: inout SettledFleets) -> Mistakes {
        var result = Mistakes(peerHours: 0, deaths: 0, deathViews: 0, suspicions: 0)
        var left = seconds
        var number: UInt64 = 0
        while left > 0 {
            var world = world(number, &fleets)
            number += 1
            let time = min(left, 3_600)
            left -= time
            world.run(time)
            result.peerHours += Double(peers) * time / 3_600
            result.deaths += world.watch.falseDeaths
            result.deathViews += world.watch.falseDeathViews
            result.suspicions += world.watch.suspicions
        }
        return result
    }

    /// So many changes, one after the other, in an otherwise quiet fleet.
    public func convergence(changes: Int, _ fleets: inout SettledFleets) -> Convergence {
        var half: [Double] = []
        var all: [Double] = []
        var missed = 0
        var world = world(0, &fleets)
        for _ in 0..<changes {
            world.run(Double.random(in: 3...6, using: &world.generator))
            guard let times = world.spreadOne() else {
                missed += 1
                continue
            }
            half.append(times.half)
            all.append(times.all)
        }
        return Convergence(half: Sample(half), all: Sample(all), missed: missed)
    }

    /// So many seconds under a load, after a while of getting used to it.
    public func traffic(_ load: Load, seconds: Double, _ fleets: inout SettledFleets) -> Traffic {
        var world = world(0, &fleets)
        var ages: [Double] = []
        publish(load, for: load == .everybody ? 3 * spacing : 5, in: &world)
        world.meter = TrafficMeter(peers)
        world.meter.hasWindows = true
        let slices = load == .everybody ? 10 : 1
        for _ in 0..<slices {
            publish(load, for: seconds / Double(slices), in: &world)
            if load == .everybody { ages += world.ages(2_000) }
        }
        let share = seconds * Double(peers)
        let meter = world.meter
        return Traffic(
            probes: Double(meter.probeBytes) / share, gossip: Double(meter.gossipBytes) / share,
            lease: Double(meter.leaseBytes) / share, exchanges: Double(meter.exchangeBytes) / share,
            exchangesPerHour: Double(meter.exchanges) / share * 3_600, datagrams: Double(meter.datagrams) / share,
            most: meter.most, mostLease: meter.mostLease, ages: Sample(ages))
    }

    /// The least time between two hot records of one peer, seconds: U(N).
    private var spacing: Double { max(0.5, 0.02 * Double(peers)) }

    private func publish(_ load: Load, for seconds: Double, in world: inout ScaleWorld) {
        let step: Double
        switch load {
        case .idle: return world.run(seconds)
        case .some: step = 5
        // Twice as often as the rules let them.
        case .everybody: step = spacing / 2 / Double(peers)
        }
        var left = seconds
        while left > 0 {
            let place = Int.random(in: world.peers.indices, using: &world.generator)
            let report = world.nextReport()
            world.deliver(.hot(report), to: place)
            world.run(min(step, left))
            left -= step
        }
    }
}
