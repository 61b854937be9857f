import Foundation
import Store
import Testing

@testable import Insight

/// Whatever lies in which shard, and whichever answers first: the fleet's answer is the same.
@Suite struct MergingTests {
    /// Numbers that are the same in every run.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) << 32 | (state >> 31) & 0xFFFF_FFFF
        }
    }

    private func counted(_ dice: inout Dice) -> Counted {
        var row = Counted(
            key: .init(
                bucket: [nil, 3600, 7200].randomElement(using: &dice)!, node: ["a", "b", nil].randomElement(using: &dice)!,
                model: ["m", "n"].randomElement(using: &dice)!))
        row.requests = Int.random(in: 0...50, using: &dice)
        row.completed = Int.random(in: 0...row.requests, using: &dice)
        row.timed = row.completed
        // Whole numbers, of which sums are exact in any order.
        row.latencySum = Double(Int.random(in: 0...100_000, using: &dice))
        row.latencyMinimum = row.completed > 0 ? Double(Int.random(in: 0...9, using: &dice)) : nil
        row.latencyMaximum = row.completed > 0 ? Double(Int.random(in: 10...99, using: &dice)) : nil
        row.promptTokens = Int.random(in: 0...9_999, using: &dice)
        row.firstSeen = Double(Int.random(in: 0...99, using: &dice))
        row.lastSeen = Double(Int.random(in: 100...200, using: &dice))
        return row
    }

    private func split<Element>(_ all: [Element], into count: Int, _ dice: inout Dice) -> [[Element]] {
        var parts = Array(repeating: [Element](), count: count)
        for element in all { parts[Int.random(in: 0..<count, using: &dice)].append(element) }
        return parts
    }

    @Test(arguments: 1...40) func countsOfPartsAreTheCountsOfTheWhole(seed: Int) throws {
        var dice = Dice(state: UInt64(seed))
        let rows = (0..<60).map { _ in counted(&dice) }
        let query = ShardQuery.counts(CountsQuery(by: [.hour, .node, .model]))
        let whole = ShardPart.merged([.counts(rows)], of: query)
        let parts = split(rows, into: 4, &dice).map { ShardPart.merged([.counts($0)], of: query) }
        #expect(ShardPart.merged(parts, of: query) == whole)
        #expect(ShardPart.merged(parts.shuffled(using: &dice), of: query) == whole)
        let grouped = [ShardPart.merged(Array(parts[..<2]), of: query), ShardPart.merged(Array(parts[2...]), of: query)]
        #expect(ShardPart.merged(grouped, of: query) == whole)
        #expect(ShardPart.merged(parts + [.spread([])], of: query) == whole)
    }

    @Test(arguments: 1...40) func spreadsOfPartsAreTheSpreadOfTheWhole(seed: Int) throws {
        var dice = Dice(state: UInt64(seed))
        let values = (0..<500).map { _ in Double(Int.random(in: 0...100_000, using: &dice)) }
        func part(_ values: [Double]) -> ShardPart {
            var spread = Spread()
            for value in values { spread.add(value) }
            let recent = values.filter { $0 < 90_000 }.max()
            return .spread([ModelSpread(model: "m", figure: .latency, spread: spread, recentMaximum: recent)])
        }
        let query = ShardQuery.spread(SpreadQuery(of: [.latency], since: 0))
        let merged = ShardPart.merged(split(values, into: 3, &dice).map(part).shuffled(using: &dice), of: query)
        #expect(merged == part(values))
        guard case .spread(let rows) = merged, let spread = rows.first?.spread else {
            Issue.record("no spread")
            return
        }
        let sorted = values.sorted()
        for share in [0.5, 0.75, 0.95, 0.99] {
            let exact = sorted[Int((share * 500).rounded(.up)) - 1]
            let found = try #require(spread.percentile(share))
            #expect(abs(found - exact) <= exact * 0.06, "\(share): \(found), not \(exact)")
        }
        #expect(spread.minimum == sorted.first && spread.maximum == sorted.last)
    }

    @Test func aSpreadOfNothingHasNoPercentile() {
        var spread = Spread()
        spread.add(.nan)
        spread.add(-1)
        #expect(spread.percentile(0.5) == nil && spread.mean == nil)
        spread.add(0)
        #expect(spread.percentile(0.99) == 0)
    }

    private func row(_ id: Int64, at timestamp: Double) -> TraceRow {
        var row = TraceRow(requestID: "r\(id)", model: "m", nodeID: "n", status: "completed", timestamp: timestamp)
        row.id = id
        return row
    }

    /// What a shard answers: its newest rows behind the cursor.
    private func page(_ rows: [TraceRow], _ shard: String, _ query: TracesQuery, stops: Bool) -> TraceList {
        let place = query.cursor?.place(inShard: shard)
        let fitting = rows.filter { row in place.map { (row.timestamp, row.id ?? 0) < ($0.timestamp, $0.id) } ?? true }
            .sorted { ($1.timestamp, $1.id ?? 0) < ($0.timestamp, $0.id ?? 0) }
        guard stops, let last = fitting.dropFirst(2).first else {
            return TraceList(TracePage(rows: Array(fitting.prefix(query.limit))), shard: shard, limit: query.limit)
        }
        let seen = fitting.filter { $0.timestamp >= last.timestamp }
        return TraceList(
            TracePage(rows: Array(seen.prefix(query.limit)), stoppedAt: last.timestamp), shard: shard, limit: query.limit)
    }

    @Test(arguments: 1...60) func pagesShowEveryTraceOnceInOrder(seed: Int) throws {
        var dice = Dice(state: UInt64(seed))
        let shards = ["0a", "1b", "2c"].map { name in
            (
                name,
                (1...Int.random(in: 1...30, using: &dice)).map {
                    row(Int64($0), at: Double(Int.random(in: 0...12, using: &dice)))
                }
            )
        }
        var query = TracesQuery(limit: Int.random(in: 1...9, using: &dice))
        var shown: [TraceList.Entry] = []
        for turn in 0..<200 {
            let parts = shards.map { ShardPart.traces(page($0.1, $0.0, query, stops: turn % 2 == 1)) }
            let merged = ShardPart.merged(parts, of: .traces(query))
            #expect(ShardPart.merged(parts.shuffled(using: &dice), of: .traces(query)) == merged)
            guard case .traces(let list) = merged else { return }
            #expect(list.entries.count <= query.limit)
            shown += list.entries
            guard let next = list.next else { break }
            query.cursor = TraceCursor(text: next.text)
            #expect(query.cursor == next)
        }
        #expect(shown.count == shards.reduce(0) { $0 + $1.1.count })
        #expect(Set(shown.map { "\($0.shard) \($0.row.requestID)" }).count == shown.count)
        for (a, b) in zip(shown, shown.dropFirst()) { #expect(a.cursor.isBefore(b.cursor)) }
    }
}
