import FoundationEssentials
import Gossip
import Testing

@Suite("The roster as a value")
struct RosterValueTests {
    private let a = PeerID(short: 1, low: 1)
    private let b = PeerID(short: 2, low: 1)
    private let c = PeerID(short: 3, low: 1)

    @Test("Changes are one peer at a time, in order, and never backwards")
    func changes() throws {
        let alone = Roster(alone: b)
        let two = try #require(alone.changed(by: .admit(a), version: RosterVersion(epoch: 1, counter: 1)))
        #expect(two.peers == [a, b] && two.lineage == alone.lineage && two.hash != alone.hash)
        #expect(two.contains(a) && two.contains(b) && !two.contains(c) && !two.isOnly(b) && alone.isOnly(b))
        #expect(two.changed(by: .admit(a), version: RosterVersion(epoch: 2)) == nil)
        #expect(two.changed(by: .remove(c), version: RosterVersion(epoch: 2)) == nil)
        #expect(two.changed(by: .stamp, version: two.version) == nil)
        #expect(alone.changed(by: .remove(b), version: RosterVersion(epoch: 2)) == nil, "nobody is no roster")
        let stamped = try #require(two.changed(by: .stamp, version: RosterVersion(epoch: 2)))
        #expect(stamped.peers == two.peers && stamped.hash != two.hash)
        let one = try #require(stamped.changed(by: .remove(b), version: RosterVersion(epoch: 2, counter: 1)))
        #expect(one.isOnly(a))
    }

    @Test("Lists that no peer writes are refused")
    func refused() {
        let lineage = RosterLineage(founder: a)
        for peers in [[], [b, a], [a, a]] {
            #expect(Roster(lineage: lineage, version: RosterVersion(), peers: peers) == nil)
        }
        let many = (0...Roster.mostPeers).map { PeerID(short: UInt64($0), low: 0) }
        #expect(Roster(lineage: lineage, version: RosterVersion(), peers: many) == nil)
        #expect(Roster(lineage: lineage, version: RosterVersion(), peers: Array(many.dropLast())) != nil)
    }

    @Test("It is the same behind its document; one out of order is refused")
    func document() throws {
        let roster = try #require(
            Roster(lineage: RosterLineage(founder: c, epoch: 7), version: RosterVersion(epoch: 9), peers: [a, b]))
        let durable = DurableLease(
            maxEpoch: 5, roster: roster, floors: [RosterFloor(lineage: RosterLineage(founder: b), version: RosterVersion())])
        let bytes = try JSONEncoder().encode(durable)
        #expect(try JSONDecoder().decode(DurableLease.self, from: bytes) == durable)
        let swapped = String(decoding: try JSONEncoder().encode(roster), as: UTF8.self)
            .replacing("[\"\(a.hex)\",\"\(b.hex)\"]", with: "[\"\(b.hex)\",\"\(a.hex)\"]")
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Roster.self, from: Data(swapped.utf8)) }
    }

    @Test("A row of an earlier program has no roster and is read all the same")
    func earlierRow() throws {
        let row = #"{"maxEpoch": 3, "longestGrantMilliseconds": 5000, "cleanExit": false}"#
        let durable = try JSONDecoder().decode(DurableLease.self, from: Data(row.utf8))
        #expect(durable == DurableLease(maxEpoch: 3, longestGrantMilliseconds: 5_000, cleanExit: false))
    }
}
