import Gossip
import Testing

@testable import Routing

@Suite struct OwnDeltasTests {
    let model = ModelKey(name: "small:7b")
    let other = ModelKey(name: "other:7b")

    func version(_ counter: UInt32, generation: UInt32 = 1) -> RecordVersion {
        RecordVersion(generation: generation, counter: counter)
    }

    func pending(_ deltas: OwnDeltas, since counter: UInt32, _ key: ModelKey? = nil) -> [Int] {
        let both = deltas.pending(at: peer(1), model: key ?? model, since: version(counter))
        return [both.model, both.total]
    }

    @Test func aRecordCountsWhatWasSentBeforeIt() {
        var deltas = OwnDeltas()
        deltas.dispatched(to: peer(1), model: model, version: version(5))
        deltas.dispatched(to: peer(1), model: model, version: version(6))
        deltas.dispatched(to: peer(1), model: other, version: version(6))
        #expect(pending(deltas, since: 5) == [2, 3])
        #expect(pending(deltas, since: 6) == [1, 2])
        #expect(pending(deltas, since: 6, other) == [1, 2])
        #expect(pending(deltas, since: 7) == [0, 0])
        #expect(deltas.pending(at: peer(2), model: model, since: version(0)) == (0, 0))
    }

    @Test func whatEndedIsTakenAway() {
        var deltas = OwnDeltas()
        for _ in 0..<2 { deltas.dispatched(to: peer(1), model: model, version: version(5)) }
        deltas.completed(at: peer(1), model: model, dispatchedAt: version(5))
        #expect(pending(deltas, since: 5) == [1, 1])
        deltas.completed(at: peer(1), model: model, dispatchedAt: version(5))
        deltas.completed(at: peer(1), model: model, dispatchedAt: version(5))
        #expect(pending(deltas, since: 5) == [0, 0], "one end too many changes nothing")
    }

    /// Three are counted by record 6 and end; two new ones are sent: the machine has one less than record 6 says, which shows as
    /// 0.
    @Test func anEndThatTheRecordDoesNotKnowMakesRoom() {
        var deltas = OwnDeltas()
        for _ in 0..<3 { deltas.dispatched(to: peer(1), model: model, version: version(5)) }
        deltas.absorbed(peer: peer(1), version: version(6))
        #expect(pending(deltas, since: 6) == [0, 0])
        for _ in 0..<3 { deltas.completed(at: peer(1), model: model, dispatchedAt: version(5)) }
        for sent in 1...5 {
            deltas.dispatched(to: peer(1), model: model, version: version(6))
            #expect(pending(deltas, since: 6) == [max(0, sent - 3), max(0, sent - 3)])
        }
        deltas.absorbed(peer: peer(1), version: version(7))
        #expect(pending(deltas, since: 7) == [0, 0])
    }

    @Test func recordsOutOfOrderChangeNothing() {
        var inOrder = OwnDeltas()
        for counter in [5, 6, 7] as [UInt32] { inOrder.dispatched(to: peer(1), model: model, version: version(counter)) }
        var late = inOrder
        inOrder.absorbed(peer: peer(1), version: version(6))
        inOrder.absorbed(peer: peer(1), version: version(7))
        late.absorbed(peer: peer(1), version: version(7))
        late.absorbed(peer: peer(1), version: version(6))
        for counter in [5, 6, 7, 8] as [UInt32] { #expect(pending(inOrder, since: counter) == pending(late, since: counter)) }
        #expect(pending(late, since: 7) == [1, 1])
        // An end of a request that an absorbed record counts is filed under the newest, however records came.
        inOrder.completed(at: peer(1), model: model, dispatchedAt: version(5))
        late.completed(at: peer(1), model: model, dispatchedAt: version(5))
        #expect(pending(inOrder, since: 7) == [0, 0])
        #expect(pending(late, since: 7) == [0, 0])
    }

    @Test func aRestartedPeerCountsFromZero() {
        var deltas = OwnDeltas()
        deltas.dispatched(to: peer(1), model: model, version: version(900))
        deltas.absorbed(peer: peer(1), version: version(1, generation: 2))
        #expect(deltas.pending(at: peer(1), model: model, since: version(1, generation: 2)) == (0, 0))
    }

    @Test func unknownEndsAreIgnored() {
        var deltas = OwnDeltas()
        deltas.completed(at: peer(1), model: model, dispatchedAt: version(5))
        deltas.dispatched(to: peer(1), model: model, version: version(6))
        deltas.completed(at: peer(1), model: other, dispatchedAt: version(6))
        #expect(pending(deltas, since: 6) == [1, 1])
    }

    @Test func memoryIsBounded() {
        var deltas = OwnDeltas()
        let versions = UInt32(OwnDeltas.entryLimit) * 3
        for counter in 0..<versions { deltas.dispatched(to: peer(1), model: model, version: version(counter)) }
        #expect(pending(deltas, since: 0) == [OwnDeltas.entryLimit, OwnDeltas.entryLimit])
        for number in 2...UInt64(OwnDeltas.peerLimit + 1) {
            deltas.dispatched(to: peer(number), model: model, version: version(1))
        }
        #expect(pending(deltas, since: 0) == [0, 0], "the peer written to longest ago is forgotten")
    }

    /// Random events against a plain list of all requests, without late ends.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func agreesWithAPlainList(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var deltas = OwnDeltas()
        var sent: [(model: ModelKey, version: UInt32)] = []
        var newest: UInt32 = 0
        for _ in 0..<400 {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: newest += 1
            case 1 where !sent.isEmpty:
                let request = sent.remove(at: Int.random(in: 0..<sent.count, using: &generator))
                deltas.completed(at: peer(1), model: request.model, dispatchedAt: version(request.version))
            default:
                guard sent.count < 40 else { continue }
                let key = Bool.random(using: &generator) ? model : other
                sent.append((key, newest))
                deltas.dispatched(to: peer(1), model: key, version: version(newest))
            }
            let since = UInt32.random(in: 0...newest, using: &generator)
            let open = sent.filter { $0.version >= since }
            #expect(pending(deltas, since: since) == [open.filter { $0.model == model }.count, open.count])
        }
    }
}
