import Testing

@testable import Gossip

@Suite("Round trips and patience")
struct TimingTests {
    private let least = Duration.milliseconds(200)
    private let most = Duration.milliseconds(400)

    private func timeout(_ samples: [Int64]) -> Duration {
        var trip = RoundTrip()
        for sample in samples { trip.note(sinceFirst: .milliseconds(sample), sinceLast: .milliseconds(sample)) }
        return trip.timeout(least: least, most: most)
    }

    @Test("the time-out is four times the smoothed 99th percentile, between 200 and 400 ms")
    func bounds() {
        #expect(RoundTrip().timeout(least: least, most: most) == least)
        #expect(timeout(Array(repeating: 2, count: 100)) == least)
        #expect(timeout([1_000]) == most)
        // Steady answers after 70 ms: the deviation fades.
        let steady = timeout(Array(repeating: 70, count: 100))
        #expect(steady >= .milliseconds(280) && steady <= .milliseconds(285), "\(steady)")
        let jitter = timeout((0..<200).map { $0 % 2 == 0 ? 30 : 60 })
        #expect(jitter >= .milliseconds(330) && jitter <= most, "\(jitter)")
    }

    @Test("of two questions the second is the one that was answered, unless that would be far too fast")
    func ambiguous() {
        var near = RoundTrip()
        near.note(sinceFirst: .milliseconds(2), sinceLast: .milliseconds(2))
        for _ in 0..<50 { near.note(sinceFirst: .milliseconds(102), sinceLast: .milliseconds(2)) }
        #expect(near.timeout(least: least, most: most) == least)
        var far = RoundTrip()
        for _ in 0..<50 { far.note(sinceFirst: .milliseconds(150), sinceLast: .milliseconds(50)) }
        #expect(far.timeout(least: least, most: most) == most)
        var odd = RoundTrip()
        odd.note(sinceFirst: .milliseconds(-5), sinceLast: .milliseconds(-9))
        #expect(odd.timeout(least: least, most: most) == least)
    }

    @Test("helpers are not bothered for a member that is slow but regular, and it is not suspected")
    func slowMember() {
        var fleet = Fleet(3)
        fleet.join()
        fleet.hasTCP = false
        fleet.delayMilliseconds = 160
        fleet.run(for: .seconds(30))
        fleet.startTranscript()
        fleet.run(for: .seconds(30))
        #expect(!fleet.transcript.contains { $0.contains("for me") })
        for observer in 0..<3 { #expect(!fleet.changes(at: observer).contains { $0.hasSuffix("suspect") }) }
        #expect(fleet.nodes.allSatisfy { $0.herd.localHealth == 0 })
    }

    @Test("a helper without an answer says so at four fifths of its time-out, in time for the verdict")
    func nack() {
        var fleet = Fleet(3)
        fleet.join()
        fleet.hasTCP = false
        fleet.nodes[2].isUp = false
        fleet.startTranscript()
        fleet.give(0, .evidence(.reset, of: Fleet.id(2)))
        fleet.run(for: .milliseconds(499))
        let asked = fleet.transcript.firstIndex { $0.hasSuffix("0>1 probe 2 for me") }
        let said = fleet.transcript.firstIndex { $0.hasSuffix("1>0 nack") }
        #expect(asked != nil && said != nil)
        #expect(fleet.transcript[asked ?? 0].hasPrefix("200 ") && fleet.transcript[said ?? 0].hasPrefix("361 "))
        #expect(fleet.nodes[0].herd.localHealth == 0)
    }

    @Test("a changed own address is told to all at once, and followed", arguments: [2, 4, 30])
    func ownAddress(count: Int) {
        var fleet = Fleet(count)
        fleet.join()
        fleet.run(for: .seconds(5))
        let moved = Endpoint(.v4(0x0A00_00F0), port: 11_445)
        fleet.nodes[1].endpoint = moved
        let incarnation = fleet.nodes[1].herd.selfRecord.incarnation
        fleet.give(1, .ownEndpoint(moved))
        #expect(fleet.nodes[1].herd.selfRecord.incarnation == incarnation + 1)
        #expect(fleet.nodes[1].herd.selfRecord.endpoint == moved)
        fleet.run(for: .milliseconds(count <= 12 ? 5 : 500))
        for other in 0..<count where other != 1 { #expect(fleet.entry(of: 1, at: other)?.endpoint == moved) }
        // The same again, and nonsense, change nothing.
        fleet.give(1, .ownEndpoint(moved))
        fleet.give(1, .ownEndpoint(Endpoint(.v4(0), port: 11_445)))
        #expect(fleet.nodes[1].herd.selfRecord.incarnation == incarnation + 1)
        fleet.run(for: .seconds(10))
        for other in 0..<count where other != 1 { #expect(!fleet.changes(at: other).contains("1 alive>suspect")) }
    }

    @Test("credentials travel: key ids by datagram, the pin by TCP only, and a record without one does not erase it")
    func credentials() {
        var fleet = Fleet(3)
        fleet.join()
        let pin = (0..<32).map { UInt8($0) }
        fleet.give(1, .credentials(pin: pin, keyIDs: [4, 5, 6, 7]))
        #expect(fleet.nodes[1].herd.selfRecord.keyIDs == [4, 5, 6])
        fleet.run(for: .seconds(1))
        #expect(fleet.entry(of: 1, at: 0)?.keyIDs == [4, 5, 6])
        fleet.run(for: .seconds(120))
        for other in [0, 2] {
            #expect(fleet.entry(of: 1, at: other)?.pin == pin && fleet.entry(of: 1, at: other)?.keyIDs == [4, 5, 6])
        }
        #expect(fleet.nodes[0].herd.rememberedPeers(now: fleet.now).first { $0.id == Fleet.id(1) }?.pin == pin)
        // A pin of a wrong length is not taken.
        fleet.give(1, .credentials(pin: [1], keyIDs: []))
        #expect(fleet.nodes[1].herd.selfRecord.pin == pin)
        fleet.give(1, .candidacy(Candidacy(priority: 0, steady: false, seasoned: true)))
        fleet.run(for: .seconds(1))
        #expect(fleet.entry(of: 1, at: 0)?.pin == pin && fleet.entry(of: 1, at: 0)?.record?.candidacy.steady == false)
    }

    @Test("bytes of a peer that was thought dead make it be asked at once")
    func progressOfTheDead() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.cut = [[0, 1], [1, 0]]
        fleet.run(for: .seconds(300))
        #expect(fleet.status(of: 1, at: 0) == .unreachable)
        fleet.cut = []
        fleet.give(0, .evidence(.progress, of: Fleet.id(1)))
        fleet.run(for: .milliseconds(20))
        #expect(fleet.status(of: 1, at: 0) == .alive)
    }
}
