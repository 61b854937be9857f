import Gossip
import Testing

@testable import FastLane

@Suite struct RequestIDsTests {
    private let start: UInt64 = 1_795_000_000_000

    @Test func idsGrowWithTimeAndKeepTheirForm() {
        var generator = SeededGenerator(seed: 1)
        var ids = RequestIDs(loop: 3)
        // Many within a millisecond, then jumps.
        var all: [String] = []
        for millisecond in [0, 0, 1, 2, 50, 60_000, 86_400_000] as [UInt64] {
            for _ in 0..<2_000 { all.append(ids.next(milliseconds: start + millisecond, using: &generator)) }
        }
        #expect(all == all.sorted() && Set(all).count == all.count)
        #expect(all.allSatisfy { $0.utf8.count == 16 && $0.allSatisfy { "0123456789abcdef".contains($0) } && $0.hasSuffix("3") })
        let gaps = zip(all, all.dropFirst()).compactMap { a, b in
            UInt64(a, radix: 16).flatMap { a in UInt64(b, radix: 16).map { $0 - a } }
        }
        #expect(Set(gaps.prefix(2_000)).count > 1_800, "the next id cannot be told from the one before")
    }

    @Test func loopsAndPeersDoNotMeet() {
        var generator = SeededGenerator(seed: 2)
        var loops = (0..<16).map { RequestIDs(loop: $0) }
        var seen: Set<String> = []
        for round in 0..<500 {
            for index in loops.indices {
                seen.insert(loops[index].next(milliseconds: start + UInt64(round / 50), using: &generator))
            }
        }
        #expect(seen.count == 16 * 500)
    }

    @Test func aClockThatJumpsBackOrBeginsAnewDoesNotRepeatIDs() {
        var generator = SeededGenerator(seed: 3)
        var ids = RequestIDs(loop: 0)
        let before = ids.next(milliseconds: start, using: &generator)
        let back = ids.next(milliseconds: start - 3_600_000, using: &generator)
        #expect(back > before, "an hour back: ids go on growing")
        // 2^34 milliseconds after the epoch of the counter it begins at 0 again.
        let wrap: UInt64 = 1 << 34
        var late = RequestIDs(loop: 0)
        let last = late.next(milliseconds: wrap - 1, using: &generator)
        let anew = late.next(milliseconds: wrap, using: &generator)
        let next = late.next(milliseconds: wrap + 5, using: &generator)
        #expect(last.hasPrefix("ffffffff") && anew < last && anew.hasPrefix("00000000"))
        #expect(next > anew)
    }
}
