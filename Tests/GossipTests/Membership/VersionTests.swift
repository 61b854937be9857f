import Gossip
import Testing

@Suite("Peers of several protocol versions")
struct VersionTests {
    /// Peers that speak these versions; everybody dials the first.
    private func fleet(_ ranges: [ClosedRange<UInt8>]) -> Fleet {
        var fleet = Fleet(0)
        for (index, range) in ranges.enumerated() {
            fleet.addNode(id: Fleet.id(index), endpoint: Fleet.endpoint(index), versions: range)
        }
        return fleet
    }

    @Test("each pair speaks the highest version that both know")
    func highestCommon() {
        var fleet = fleet([1...1, 1...2, 1...2])
        fleet.join()
        for subject in 0..<3 { #expect(fleet.allSee(.alive, of: subject)) }
        fleet.noteVersions = true
        fleet.run(for: .seconds(20))
        #expect(fleet.versions[[0, 1]] == [1] && fleet.versions[[1, 0]] == [1])
        #expect(fleet.versions[[0, 2]] == [1] && fleet.versions[[2, 0]] == [1])
        #expect(fleet.versions[[1, 2]] == [2] && fleet.versions[[2, 1]] == [2])
        #expect(fleet.foreignVersions == 0 && fleet.garbled == 0)
    }

    @Test("a peer that learns another version is spoken to in it after its restart, and back")
    func upgrade() {
        var fleet = fleet([1...2, 1...1])
        fleet.join()
        fleet.restart(1, generation: 2, versions: 1...2)
        fleet.give(1, .candidate(Fleet.endpoint(0), source: .seed, expected: nil))
        fleet.run(for: .seconds(2))
        fleet.noteVersions = true
        fleet.run(for: .seconds(10))
        #expect(fleet.versions[[0, 1]] == [2] && fleet.versions[[1, 0]] == [2])
        fleet.restart(1, generation: 3, versions: 1...1)
        fleet.give(1, .candidate(Fleet.endpoint(0), source: .seed, expected: nil))
        fleet.run(for: .seconds(2))
        fleet.versions = [:]
        fleet.run(for: .seconds(10))
        #expect(fleet.versions[[0, 1]] == [1] && fleet.versions[[1, 0]] == [1])
        #expect(fleet.status(of: 1, at: 0) == .alive)
    }

    @Test("peers without a common version do not speak, do not crash, and say so; a third that knows both hears both")
    func noCommon() {
        var fleet = fleet([1...3, 1...1, 3...3])
        fleet.join()
        fleet.run(for: .seconds(30))
        #expect(fleet.status(of: 1, at: 0) == .alive && fleet.status(of: 2, at: 0) == .alive)
        #expect(fleet.status(of: 2, at: 1) == nil && fleet.status(of: 1, at: 2) == nil)
        #expect(fleet.count(at: 1) { $0 == .incompatible(Fleet.id(2), versions: 3...3) } >= 1)
        #expect(fleet.count(at: 2) { $0 == .incompatible(Fleet.id(1), versions: 1...1) } >= 1)
        #expect(fleet.count(at: 0) { if case .incompatible = $0 { true } else { false } } == 0)
        // Once a minute at most.
        fleet.run(for: .seconds(300))
        #expect(fleet.count(at: 1) { if case .incompatible = $0 { true } else { false } } <= 6)
        #expect(fleet.entry(of: 2, at: 0)?.protocolRange == 3...3)
    }

    @Test("a member that comes back with another protocol goes out of sight here, and nobody is told that it died")
    func becomesForeign() {
        var fleet = fleet([1...3, 1...1, 1...1])
        fleet.join()
        fleet.restart(2, generation: 2, versions: 3...3)
        fleet.give(2, .candidate(Fleet.endpoint(0), source: .seed, expected: nil))
        fleet.run(for: .seconds(60))
        #expect(fleet.status(of: 2, at: 1) == .unreachable)
        #expect(fleet.status(of: 2, at: 0) == .alive)
        let incarnation = fleet.nodes[2].herd.selfRecord.incarnation
        fleet.run(for: .seconds(120))
        #expect(fleet.nodes[2].herd.selfRecord.incarnation == incarnation)
        #expect(fleet.status(of: 2, at: 0) == .alive)
        fleet.restart(2, generation: 3)
        fleet.give(2, .candidate(Fleet.endpoint(0), source: .seed, expected: nil))
        fleet.run(for: .seconds(5))
        #expect(fleet.allSee(.alive, of: 2))
    }
}
