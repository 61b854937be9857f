import Gossip
import Testing

@Suite("Conversations, word for word")
struct TranscriptTests {
    @Test("two peers meet")
    func meeting() {
        var fleet = Fleet(2)
        fleet.startTranscript()
        fleet.give(1, .candidate(Fleet.endpoint(0), source: .mdns, expected: nil))
        fleet.run(for: .milliseconds(10))
        #expect(
            fleet.transcript == [
                "0 1>0 ping anybody | 1 is alive 1.0",
                "1 0>1 ack | 0 is alive 1.0",
            ])
    }

    @Test("a third peer is told of the second, and greets it")
    func introduction() {
        var fleet = Fleet(3)
        fleet.give(1, .candidate(Fleet.endpoint(0), source: .mdns, expected: nil))
        fleet.run(for: .seconds(5))
        fleet.hasTCP = false
        fleet.startTranscript()
        fleet.give(2, .candidate(Fleet.endpoint(0), source: .mdns, expected: nil))
        fleet.run(for: .milliseconds(10))
        #expect(
            fleet.transcript == [
                "0 2>0 ping anybody | 2 is alive 1.0",
                "1 0>2 ack | 0 is alive 1.0",
                "1 0>1 gossip | 2 is alive 1.0",
                "2 1>0 gossip | 2 is alive 1.0",
                "4 1>2 ping 2 | 1 is alive 1.0",
                "5 2>1 ack | 2 is alive 1.0 | 0 is alive 1.0",
            ])
        #expect(fleet.status(of: 1, at: 2) == .alive && fleet.entry(of: 1, at: 2)?.lastHeard != nil)
    }

    @Test("a buried peer speaks, is told, refutes")
    func buried() {
        var fleet = Fleet(2)
        fleet.join()
        fleet.give(0, .processDied(Fleet.id(1)))
        fleet.startTranscript()
        let hello = Datagram(
            sender: Fleet.id(1).short, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0,
            message: .ping(sequence: 4, target: Fleet.id(0).short))
        fleet.give(0, .datagram(hello, from: Fleet.endpoint(1)))
        fleet.run(for: .milliseconds(5))
        #expect(fleet.transcript.prefix(2) == ["0 0>1 ack | 1 is unreachable 1.0", "1 1>0 gossip | 1 is alive 1.1"])
        #expect(fleet.status(of: 1, at: 0) == .alive)
    }
}
