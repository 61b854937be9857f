import Gossip
import Testing

@testable import Routing

/// Clients take turns in a line.
@Suite struct FairShareTests {
    private let start = Instant.zero + .seconds(100)

    /// The order in which places are served, as indices into the list.
    private func order(_ places: [FairPlace], _ share: FairShare, at now: Instant) -> [Int] {
        places.indices.sorted { share.precedes(places[$0], places[$1], now: now) }
    }

    @Test func aFloodStandsBehindWhoComesNext() {
        var share = FairShare()
        var places = (0..<200).map { _ in share.place(Turn(client: 1), now: start) }
        places.append(share.place(Turn(client: 2), now: start))
        #expect(order(places, share, at: start).prefix(3) == [0, 200, 1])
        // Served one after the other, two clients take turns, each in its own order.
        places += (0..<3).map { _ in share.place(Turn(client: 2), now: start) }
        #expect(order(places, share, at: start).prefix(8) == [0, 200, 1, 201, 2, 202, 3, 203])
    }

    @Test func whoWasAwayHasNoCredit() {
        var share = FairShare()
        let flood = (0..<10).map { _ in share.place(Turn(client: 1), now: start) }
        for place in flood.prefix(5) { share.left(place) }
        let late = (0..<4).map { _ in share.place(Turn(client: 2), now: start) }
        let rest = Array(flood.suffix(5)) + late
        #expect(order(rest, share, at: start) == [5, 0, 6, 1, 7, 2, 8, 3, 4])
    }

    @Test func urgencyGoesFirstAndAgeMakesUrgent() {
        var share = FairShare()
        let batch = share.place(Turn(client: 1, priority: .batch), now: start)
        let normal = share.place(Turn(client: 2), now: start + .seconds(1))
        let interactive = share.place(Turn(client: 3, priority: .interactive), now: start + .seconds(2))
        let all = [batch, normal, interactive]
        #expect(order(all, share, at: start + .seconds(3)) == [2, 1, 0])
        // After two times the ageing a batch request is as urgent as any, and its client has had nothing.
        #expect(order(all, share, at: start + .seconds(31)) == [0, 1, 2])
        #expect(RequestPriority(word: "Batch") == .batch && RequestPriority(word: "soon") == nil)
    }

    /// Seen with a flood of 200 requests: after 15 s of waiting all of it was urgent, and a newcomer stood behind it.
    @Test func anOldFloodStandsBehindWhoComesNext() {
        var share = FairShare()
        let flood = (0..<50).map { _ in share.place(Turn(client: 1), now: start) }
        for place in flood.prefix(20) { share.left(place) }
        let late = start + .seconds(40)
        let newcomer = share.place(Turn(client: 2), now: late)
        #expect(order(Array(flood.suffix(30)) + [newcomer], share, at: late).prefix(2) == [30, 0])
    }

    @Test func clientsAreForgotten() {
        var share = FairShare()
        for client in 0..<5_000 { share.left(share.place(Turn(client: UInt64(client)), now: start)) }
        #expect(share.clientCount <= FairShare.clientLimit)
        // Also when none of them was served.
        for client in 0..<3_000 { _ = share.place(Turn(client: UInt64(10_000 + client)), now: start) }
        #expect(share.clientCount <= FairShare.clientLimit)
    }
}
